package io.peerhub.launcher;

import io.peerhub.client.ClientListener;
import io.peerhub.client.ClientState;
import io.peerhub.client.PeerHubClient;
import io.peerhub.client.RefusedException;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.wire.ByteSink;
import io.peerhub.protocol.wire.FrameCodec;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints the messages to one identity until it is told to end. Where the connection breaks it comes
 * back; only a hub that is not there in the first place ends it.
 */
@Command(
    name = "listen",
    description = "Print messages to NAME, a line each, until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class Listen implements Runnable, ClientListener {
  @Spec private CommandSpec spec;
  @Mixin private Server server;

  @Option(names = "--as", paramLabel = "NAME", required = true, description = "who listens")
  private String name;

  @Option(names = "--json", description = "print each message as the JSON wire has it")
  private boolean isJson;

  /** Completed by what ends the command: never well, since only a signal ends it well. */
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private final FrameCodec codec = FrameCodec.json();
  private final ByteSink line = new ByteSink();

  @Override
  public void run() {
    try (PeerHubClient client =
        PeerHubClient.connect(
            server.settings(name).build(), (ignored, message) -> print(message), this)) {
      Runtime.getRuntime().addShutdownHook(new Thread(client::close, "bye"));
      end.get();
    } catch (ExecutionException ended) {
      throw ended.getCause() instanceof Failure failure
          ? failure
          : server.failure(ended.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onState(ClientState state) {
    switch (state) {
      case ClientState.Connecting(var failure) -> failure.ifPresent(end::completeExceptionally);
      case ClientState.Live live ->
          note("listening as " + name + " on " + live.node() + (live.resumed() ? ", again" : ""));
      case ClientState.Away(Exception cause) -> note("away: " + Failure.line(cause));
      case ClientState.Closed(var cause) -> cause.ifPresent(end::completeExceptionally);
    }
  }

  @Override
  public void onGap(Frame.Gap gap) {
    String count = gap.count() == 0 ? "some" : Long.toString(gap.count());
    note(count + " messages were dropped here: " + Printable.of(gap.reason()));
  }

  @Override
  public void onReceipt(Frame.Receipt receipt) {
    note(
        "%s to %s: %s"
            .formatted(
                Printable.of(receipt.id()),
                Printable.of(receipt.to()),
                Printable.of(receipt.status())));
  }

  @Override
  public void onRefused(RefusedException refusal) {
    note("refused: " + Failure.line(refusal));
  }

  private void print(Frame.Message message) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(isJson ? json(message) : message.from() + ": " + text(message.body()));
    // Also flushes. Nobody reads any more, as after `| head -1`: so nothing is acknowledged either.
    if (out.checkError()) {
      Failure nobodyReads = Failure.failed("nobody reads what is printed", null);
      end.completeExceptionally(nobodyReads);
      throw nobodyReads;
    }
  }

  private String json(Frame.Message message) {
    line.clear();
    codec.encode(message, line);
    return new String(line.array(), 0, line.length(), StandardCharsets.UTF_8);
  }

  private static String text(Body body) {
    return switch (body.kind()) {
      case TEXT, JSON -> Printable.of(body.asText());
      case DATA -> "(" + body.size() + " bytes)";
      case EMPTY -> "(empty)";
    };
  }

  private void note(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
