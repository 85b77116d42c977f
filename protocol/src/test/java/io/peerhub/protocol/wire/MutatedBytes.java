package io.peerhub.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Input that is nearly right: golden vectors with bytes flipped, cut, doubled, spliced, and with
 * the tokens put in that decoders stumble over. The same seed gives the same input.
 */
final class MutatedBytes {
  private static final List<byte[]> TOKENS =
      Stream.of(
              "{",
              "}",
              "[",
              "]",
              "\"",
              "\\",
              ":",
              ",",
              "null",
              "1e999",
              "-",
              "\\ud800",
              "\n",
              "\r\n",
              "{\"send\":{",
              "\"json\":",
              "\"data\":\"",
              "9007199254740992",
              "\u0000",
              "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
              "\ufeff")
          .map(token -> token.getBytes(StandardCharsets.UTF_8))
          .toList();
  private static final byte[][] BINARY = {
    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
    {(byte) 0x80},
    {0x0a},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {0x0b},
    {0}
  };

  private final Random random;
  private final List<byte[]> seeds;

  MutatedBytes(long seed, List<byte[]> seeds) {
    this.random = new Random(seed);
    this.seeds = seeds;
  }

  byte[] next() {
    byte[] bytes = any().clone();
    int mutations = 1 + random.nextInt(4);
    for (int i = 0; i < mutations; i++) {
      bytes = mutated(bytes);
    }
    return bytes;
  }

  private byte[] any() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] mutated(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(bytes.length - at + 1);
    return switch (random.nextInt(7)) {
      case 0 -> flipped(bytes);
      case 1 -> spliced(bytes, at, to, new byte[0]);
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 4 -> spliced(bytes, at, at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 5 -> spliced(bytes, at, to, BINARY[random.nextInt(BINARY.length)]);
      default -> spliced(bytes, at, bytes.length, tail(any()));
    };
  }

  private byte[] flipped(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] tail(byte[] bytes) {
    return Arrays.copyOfRange(bytes, random.nextInt(bytes.length + 1), bytes.length);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] result = Arrays.copyOf(bytes, from + between.length + bytes.length - to);
    System.arraycopy(between, 0, result, from, between.length);
    System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
    return result;
  }
}
