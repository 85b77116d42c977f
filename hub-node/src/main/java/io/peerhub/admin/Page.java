package io.peerhub.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** One page of the door: what it answers to a call that was let in. */
interface Page {
  /**
   * Answers; a stage that fails by a timeout means 503, by anything else 500.
   *
   * @throws BadCall if the call is wrong; it says what the caller is told
   */
  CompletionStage<HttpResponse> answer(Call call) throws BadCall;

  /** A call that cannot be answered (400); its message is for the caller. */
  final class BadCall extends Exception {
    private static final long serialVersionUID = 1L;

    BadCall(String message) {
      super(message);
    }
  }

  /** An answer that is there already. */
  static CompletionStage<HttpResponse> now(HttpResponse answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
