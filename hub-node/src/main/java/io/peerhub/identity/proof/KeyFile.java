package io.peerhub.identity.proof;

import io.peerhub.protocol.Identity;
import io.peerhub.protocol.wire.HandshakeProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in a file: lines {@code IDENTITY KEY}, where a key is taken as it stands, or from hex after
 * {@code hex:}. Two lines of one identity are two keys that are valid at once. Empty lines and
 * lines with {@code #} are passed over.
 *
 * <p>The file is looked at again at most once a second and read again when it has changed. One that
 * has become unreadable or wrong leaves the keys that were valid before it, and says so in the log;
 * at the start it is an error. Reading happens on the given executor, never on a caller.
 */
public final class KeyFile implements KeySource {
  private static final long LOOK_AGAIN = 1_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

  private record Contents(FileTime changed, long size, Map<Identity, List<byte[]>> keys) {}

  private final Path file;
  private final Executor executor;
  private final LongSupplier nanos;
  private volatile Contents contents;
  private volatile long lookedAt;

  /**
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a line is wrong; names the line, never what is in it
   */
  public KeyFile(Path file, Executor executor, LongSupplier nanos) throws IOException {
    this.file = file;
    this.executor = executor;
    this.nanos = nanos;
    this.contents = read();
    this.lookedAt = nanos.getAsLong();
  }

  @Override
  public CompletionStage<List<byte[]>> keysOf(Identity identity) {
    if (nanos.getAsLong() - lookedAt < LOOK_AGAIN) {
      return CompletableFuture.completedFuture(found(identity));
    }
    return CompletableFuture.supplyAsync(
        () -> {
          look();
          return found(identity);
        },
        executor);
  }

  @Override
  public boolean isKnown(Identity identity) {
    return contents.keys.containsKey(identity);
  }

  private List<byte[]> found(Identity identity) {
    return contents.keys.getOrDefault(identity, List.of());
  }

  private void look() {
    lookedAt = nanos.getAsLong();
    try {
      boolean same =
          contents.changed.equals(Files.getLastModifiedTime(file))
              && contents.size == Files.size(file);
      if (!same) {
        contents = read();
        LOG.info("keys of {} identities read again", contents.keys.size());
      }
    } catch (IOException | IllegalArgumentException wrong) {
      LOG.error("the key file cannot be read, its last good contents hold: {}", reason(wrong));
    }
  }

  private static String reason(Exception wrong) {
    return wrong instanceof IllegalArgumentException ? wrong.getMessage() : wrong.toString();
  }

  private Contents read() throws IOException {
    FileTime changed = Files.getLastModifiedTime(file);
    long size = Files.size(file);
    Map<Identity, List<byte[]>> keys = new HashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        readLine(line.strip().split("\\s+"), number, keys);
      }
    }
    return new Contents(changed, size, keys);
  }

  private static void readLine(String[] words, int number, Map<Identity, List<byte[]>> keys) {
    if (words.length != 2 || !Identity.isValid(words[0])) {
      throw new IllegalArgumentException("line " + number + " is not IDENTITY KEY");
    }
    byte[] key = key(words[1], number);
    if (key.length < HandshakeProof.KEY_MIN) {
      throw new IllegalArgumentException(
          "line " + number + ": a key has at least " + HandshakeProof.KEY_MIN + " bytes");
    }
    keys.computeIfAbsent(new Identity(words[0]), ignored -> new ArrayList<>(1)).add(key);
  }

  private static byte[] key(String text, int number) {
    if (!text.startsWith("hex:")) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return HexFormat.of().parseHex(text.substring("hex:".length()));
    } catch (IllegalArgumentException notHex) {
      throw new IllegalArgumentException("line " + number + ": not hex behind hex:", null);
    }
  }
}
