package io.peerhub.launcher;

import io.peerhub.client.ClientListener;
import io.peerhub.client.ClientSettings;
import io.peerhub.client.ClientState;
import io.peerhub.client.Outcome;
import io.peerhub.client.Outgoing;
import io.peerhub.client.PeerHubClient;
import io.peerhub.client.RefusedException;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one message and waits until its fate is known. */
@Command(
    name = "send",
    description = "Send one message, and print what became of it.",
    mixinStandardHelpOptions = true)
final class Send implements Runnable, ClientListener {
  /** What can be asked for. */
  enum Confirm {
    ACCEPTED(Confirmation.ACCEPTED),
    DELIVERED(Confirmation.DELIVERED);

    private final Confirmation onTheWire;

    Confirm(Confirmation onTheWire) {
      this.onTheWire = onTheWire;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final ClientSettings.Retry ONCE =
      new ClientSettings.Retry(Duration.ofMillis(1), Duration.ofMillis(1), 1);

  @Spec private CommandSpec spec;
  @Mixin private Server server;

  @Parameters(index = "0", paramLabel = "TO", description = "an identity, or NAME/*")
  private String to;

  @Parameters(
      index = "1",
      paramLabel = "TEXT",
      description = "what to send; - reads it from standard input")
  private String text;

  @Option(names = "--json", description = "TEXT is a JSON value, and sent as one")
  private boolean isJson;

  @Option(names = "--as", paramLabel = "NAME", description = "who sends; a new name by default")
  private String sender;

  @Option(
      names = "--confirm",
      paramLabel = "WHAT",
      defaultValue = "accepted",
      description = "wait until it is accepted (the default) or delivered")
  private Confirm confirm;

  @Option(
      names = "--critical",
      description =
          "on disk before it is accepted, and kept for TO however long it is away; delivered waits "
              + "for the receipt")
  private boolean isCritical;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "how long to wait (${DEFAULT-VALUE})")
  private int timeout;

  private final String id = "hub-%016x".formatted(ThreadLocalRandom.current().nextLong());

  /** The fate of a critical message, once it is known. */
  private final CompletableFuture<Frame.Receipt> receipt = new CompletableFuture<>();

  @Override
  public void run() {
    Outgoing message = message();
    String name =
        sender == null ? "hub-%08x".formatted(ThreadLocalRandom.current().nextInt()) : sender;
    try (PeerHubClient client =
        PeerHubClient.connect(
            server.settings(name).retry(ONCE).build(), (ignored, other) -> {}, this)) {
      if (!client.awaitLive(Duration.ofSeconds(timeout))) {
        throw server.failure(reason(client.state()));
      }
      Outcome outcome = client.send(message).get(timeout, TimeUnit.SECONDS);
      spec.commandLine().getOut().println(fate(outcome));
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RefusedException refusal
          ? Failure.refused(refusal)
          : Failure.failed(Failure.line(failed.getCause()), failed.getCause());
    } catch (TimeoutException late) {
      throw Failure.failed("its fate is not known after " + timeout + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed("interrupted", interrupted);
    }
  }

  @Override
  public void onReceipt(Frame.Receipt came) {
    if (came.id().equals(id)) {
      receipt.complete(came);
    }
  }

  private String fate(Outcome outcome)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!isCritical || confirm == Confirm.ACCEPTED) {
      return word(outcome);
    }
    Frame.Receipt came = receipt.get(timeout, TimeUnit.SECONDS);
    String reason = came.reason().isEmpty() ? "" : ": " + Printable.of(came.reason());
    return Printable.of(came.status()) + reason;
  }

  private Outgoing message() {
    try {
      String content =
          text.equals("-")
              ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing()
              : text;
      Body body = isJson ? Body.json(content) : Body.text(content);
      Outgoing message =
          isCritical ? Outgoing.critical(to, body).withId(id) : Outgoing.live(to, body);
      return message.withConfirm(confirm.onTheWire);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage() + ": " + to, wrong);
    } catch (IOException unreadable) {
      throw Failure.failed("cannot read standard input", unreadable);
    }
  }

  private static Throwable reason(ClientState state) {
    return switch (state) {
      case ClientState.Closed(var cause) when cause.isPresent() -> cause.get();
      case ClientState.Away(Exception cause) -> cause;
      case ClientState.Connecting _, ClientState.Live _, ClientState.Closed _ ->
          new TimeoutException("no answer in time");
    };
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Sent _ -> "sent";
      case Outcome.Accepted _ -> "accepted";
      case Outcome.Delivered _ -> "delivered";
    };
  }
}
