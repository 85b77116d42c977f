package io.peerhub.hub.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.peerhub.mail.SessionInput;
import io.peerhub.routing.LinkItem;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Mutated samples against what reads the bytes of other nodes: a message that is written again as
 * the same comes out, or {@link NotSerializableException}, nothing else, and without room for what
 * is only claimed.
 *
 * <p>{@code -Dfuzz.inputs=100000000} tries more of them, {@code -Dfuzz.seed=N} goes another way. A
 * failure names its input.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossingFuzzTest {
  private static final long INPUTS = Long.getLong("fuzz.inputs", 100_000);
  private static final long SEED = Long.getLong("fuzz.seed", 37888);

  /** Inputs have some hundred bytes; what they claim would be gigabytes. */
  private static final long ALLOCATED_MAX = 1 << 20;

  private static final byte[][] TOKENS = {
    {-1, -1, -1, -1, 7}, // 2^31-1
    {-1, -1, -1, -1, 15}, // -1
    {-128, -128, -128, -128, 8}, // -2^31
    {-1, -1, -1, -1, -1, -1, -1, -1, -1}, // all 64 bits
    {-128, 0}, // a 0 that is longer than it need be
    {0},
    {1},
    {127},
    {-1}
  };

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Random random = new Random(SEED);
  private ActorTestKit kit;
  private ActorRefResolver resolver;
  private Samples samples;

  /** Reads bytes, and gives them back as it writes what it has read. */
  private interface Form {
    byte[] written(byte[] bytes) throws NotSerializableException;
  }

  @BeforeAll
  void start() {
    kit =
        ActorTestKit.create(
            "crossing",
            ConfigFactory.parseString(
                    """
                    pekko.actor.provider = remote
                    pekko.loglevel = OFF
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    """)
                .withFallback(ConfigFactory.parseResources("crossing.conf"))
                .withFallback(ConfigFactory.load()));
    resolver = ActorRefResolver.get(kit.system());
    samples = new Samples(resolver);
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aMessageComesOutOrARefusal() {
    CrossingKit crossing = new CrossingKit(resolver);
    List<byte[]> seeds = samples.all().stream().map(crossing::write).toList();
    fuzz(seeds, bytes -> crossing.write(crossing.read(bytes)));
  }

  @Test
  void aBatchComesOutOrARefusal() throws NotSerializableException {
    CrossingLinkCodec codec = new CrossingLinkCodec(resolver);
    fuzz(
        batches(codec),
        bytes -> {
          for (LinkItem item : codec.read(bytes)) {
            codec.write(item);
          }
          return codec.finish();
        });
  }

  /** Batches of one item and of all that may be in one. */
  private List<byte[]> batches(CrossingLinkCodec codec) throws NotSerializableException {
    List<LinkItem> items =
        samples.all().stream()
            .filter(SessionInput.class::isInstance)
            .map(input -> new LinkItem(samples.seat().session(), (SessionInput) input))
            .toList();
    List<byte[]> batches = new ArrayList<>();
    for (LinkItem item : items) {
      codec.write(item);
      batches.add(codec.finish());
    }
    for (LinkItem item : items) {
      codec.write(item);
    }
    batches.add(codec.finish());
    return batches;
  }

  private void fuzz(List<byte[]> seeds, Form form) {
    long taken = 0;
    for (long i = 0; i < INPUTS; i++) {
      taken += holds(mutated(seeds), form) ? 1 : 0;
    }
    assertThat(taken).as("of %d inputs some are still messages", INPUTS).isPositive();
  }

  private boolean holds(byte[] input, Form form) {
    try {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      byte[] once = written(input, form);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
          .as("bytes allocated")
          .isLessThan(ALLOCATED_MAX);
      if (once != null) {
        assertThat(form.written(once)).as("written again").isEqualTo(once);
      }
      return once != null;
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + SEED + ": " + HexFormat.of().formatHex(input), e);
    }
  }

  /** Null if it is refused. */
  private static byte[] written(byte[] input, Form form) {
    try {
      return form.written(input);
    } catch (NotSerializableException refused) {
      return null;
    }
  }

  private byte[] mutated(List<byte[]> seeds) {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      int at = random.nextInt(bytes.length + 1);
      int to = at + random.nextInt(Math.min(16, bytes.length - at) + 1);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> spliced(bytes, at, to, new byte[0]);
            case 1 -> spliced(bytes, at, to, TOKENS[random.nextInt(TOKENS.length)]);
            case 2 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
            case 3 -> spliced(bytes, at, bytes.length, tail(seeds));
            default -> flipped(bytes);
          };
    }
    return bytes;
  }

  private byte[] flipped(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] tail(List<byte[]> seeds) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] result = Arrays.copyOf(bytes, from + between.length + bytes.length - to);
    System.arraycopy(between, 0, result, from, between.length);
    System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
    return result;
  }
}
