package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the documentation shows works. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClientExamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/peerhub/client");
  private static final Path EXAMPLES =
      Path.of("src/test/java/io/peerhub/client/ClientExamples.java");

  @Test
  void theConversationOfTheDocumentationTakesPlace() throws Exception {
    try (FakeHub hub = new FakeHub()) {
      CompletableFuture<String> result = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  result.complete(ClientExamples.conversation(hub.address()));
                } catch (Exception failure) {
                  result.completeExceptionally(failure);
                }
              });
      FakeHub.Line line = hub.acceptAndWelcome();
      assertThat(line.expect(Frame.Send.class).body().asText()).isEqualTo("hi");
      Frame.Send request = line.expect(Frame.Send.class);
      line.send(
          new Frame.Confirm("", 1, Confirmation.ACCEPTED, false),
          new Frame.Confirm(request.id(), 2, Confirmation.ACCEPTED, false),
          FakeHub.message(1, "fine", "", request.id()));
      line.expectClosed(Frame.Bye.class);
      assertThat(Clients.get(result)).isEqualTo("fine");
    }
  }

  @Test
  void everyRegionThatTheDocumentationNamesIsThere() throws Exception {
    String examples = Files.readString(EXAMPLES);
    Pattern snippet = Pattern.compile("@snippet file=\"ClientExamples.java\" region=\"(\\w+)\"");
    int found = 0;
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Matcher matcher = snippet.matcher(Files.readString(file));
        while (matcher.find()) {
          assertThat(examples).contains("@start region=\"" + matcher.group(1) + "\"");
          found++;
        }
      }
    }
    assertThat(found).isEqualTo(3);
  }
}
