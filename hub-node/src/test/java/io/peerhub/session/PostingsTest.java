package io.peerhub.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.ActorKit;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Critical messages on their way to their mailboxes. */
class PostingsTest {
  private static final Identity BOB = new Identity("bob");
  private static final Mailbox.Answer TAKEN = new Mailbox.Answer(0, false, 0);

  @RegisterExtension final ActorKit actors = new ActorKit();

  private Stage stage;
  private Postings postings;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void start() {
    stage = new Stage(actors);
    postings = postings();
  }

  private Postings postings() {
    TestProbe<SessionInput> session = actors.probe();
    return new Postings(
        stage.with,
        new Identity("alice"),
        7,
        false,
        session.ref(),
        (answer, duplicate) ->
            said.add(answer.id() + " " + answer.refusalCode() + (duplicate ? " again" : "")));
  }

  private static Frame.Send send(String id, String text) {
    return new Frame.Send(
        "bob",
        Body.text(text),
        id,
        0,
        DeliveryClass.CRITICAL,
        Confirmation.ACCEPTED,
        0,
        "",
        Map.of());
  }

  private Mailbox.Post posted() {
    return stage.boxes.expectMessageClass(Mailbox.Post.class);
  }

  private static List<String> ids(Mailbox.Post post) {
    return post.parcels().stream().map(parcel -> parcel.letter().id()).toList();
  }

  private void answer(Mailbox.Post post, Mailbox.Answer... answers) {
    postings.posted(new Mailbox.Posted(post.owner(), post.lot(), List.of(answers)));
  }

  @Test
  void oneLotIsUnderWayAndTheNextCollectsWhatComesMeanwhile() {
    postings.post(send("a", "1"), BOB);
    postings.post(send("b", "2"), BOB);
    postings.post(send("c", "3"), BOB);
    Mailbox.Post first = posted();
    assertThat(ids(first)).containsExactly("a");
    actors.expectNothing(stage.boxes);
    answer(first, TAKEN);
    Mailbox.Post second = posted();
    assertThat(ids(second)).containsExactly("b", "c");
    answer(second, TAKEN, new Mailbox.Answer(0, true, 0));
    assertThat(said).containsExactly("a 0", "b 0", "c 0 again");
    assertThat(stage.with.mail().unwritten().used()).isZero();
  }

  @Test
  void aLotIsSaidAgainUntilItIsAnsweredAndAnsweredOnce() {
    postings.post(send("a", "1"), BOB);
    Mailbox.Post first = posted();
    assertThat(first.again()).isFalse();
    actors.pass(Duration.ofSeconds(2));
    postings.sayAgain(actors.nanos());
    Mailbox.Post second = posted();
    assertThat(second.again()).isTrue();
    assertThat(second.lot()).isEqualTo(first.lot());
    answer(first, TAKEN);
    answer(second, TAKEN);
    assertThat(said).containsExactly("a 0");
    assertThat(postings.nextAt()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatTheSenderDidNotNameHasANameOfItsOwnAndIsAnsweredWithoutOne() {
    postings.post(send("", "1"), BOB);
    Mailbox.Post first = posted();
    answer(first, TAKEN);
    postings.post(send("", "1"), BOB);
    assertThat(ids(posted())).isNotEqualTo(ids(first));
    assertThat(said).containsExactly(" 0");
  }

  @Test
  void whileTheStoreIsAwayNothingIsTakenAndWhatWasNotSaidIsRefused() {
    postings.post(send("a", "1"), BOB);
    postings.post(send("b", "2"), BOB);
    Mailbox.Post first = posted();
    stage.storeIsAway.set(true);
    assertThat(postings.post(send("c", "3"), BOB)).isEqualTo(Refusal.STORE_UNAVAILABLE);
    actors.pass(Duration.ofSeconds(2));
    postings.sayAgain(actors.nanos());
    assertThat(said).containsExactly("b 5001");
    assertThat(ids(posted())).containsExactly("a");
    answer(first, TAKEN);
    assertThat(said).containsExactly("b 5001", "a 0");
  }

  @Test
  void whatWaitsIsBoundedAndGivenBackAtTheEnd() {
    String large = "x".repeat(300_000);
    int taken = 0;
    while (postings.post(send("m" + taken, large), BOB) == null) {
      taken++;
    }
    assertThat(taken).isEqualTo(3); // Of the node's mebibyte.
    postings.close();
    assertThat(stage.with.mail().unwritten().used()).isZero();
  }

  @Test
  void aSuccessorSaysAgainWhatWasSaidInItsLotAndTheRestBehindIt() {
    postings.post(send("a", "1"), BOB);
    postings.post(send("b", "2"), BOB);
    posted();
    List<HandOver.Unposted> pieces = new ArrayList<>();
    postings.handOver(piece -> pieces.add((HandOver.Unposted) piece));
    postings = postings();
    postings.takeOver(pieces);
    Mailbox.Post again = posted();
    assertThat(again.again()).isTrue();
    assertThat(ids(again)).containsExactly("a");
    answer(again, TAKEN);
    assertThat(ids(posted())).containsExactly("b");
  }

  @Test
  void atTheEndEverythingIsSaidOnce() {
    postings.post(send("a", "1"), BOB);
    postings.post(send("b", "2"), BOB);
    postings.flush();
    assertThat(ids(posted())).containsExactly("a");
    assertThat(ids(posted())).containsExactly("b");
    assertThat(stage.with.mail().unwritten().used()).isZero();
  }
}
