package io.peerhub.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Fact;
import io.peerhub.mailbox.stored.StoredFact;
import io.peerhub.mailbox.stored.StoredRow;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored is read as it was, by this version and by all that come. */
class FactCodecTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Path GOLDEN = Path.of("src/test/resources/mailbox/golden.txt");

  private static void assertSame(List<Fact> read, List<Fact> written) {
    assertThat(read).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws UnreadableRow {
    for (long seed = 0; seed < 2_000; seed++) {
      List<Fact> facts = new Facts(seed).some(1 + (int) (seed % 7));
      assertSame(FactCodec.decode(FactCodec.encode(facts)), facts);
    }
  }

  @Test
  void headersKeepTheirOrder() throws UnreadableRow {
    Letter.Message message = (Letter.Message) ((Fact.Accepted) Facts.samples().get(1)).letter();
    Letter.Message read = (Letter.Message) FactCodec.decodeLetter(FactCodec.encode(message));
    assertThat(read).isEqualTo(message);
    assertThat(read.headers().keySet()).containsExactly("z", "a");
  }

  @Test
  void everyKindHasASample() {
    assertThat(Facts.samples().stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
  }

  /** A new kind is a new line; a line that is there stays as it is, for ever. */
  @Test
  void whatIsStoredStaysAsItIs() throws IOException, UnreadableRow {
    String now =
        Facts.samples().stream()
            .map(FactCodecTest::line)
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(now).isEqualTo(Files.readString(GOLDEN));
    int i = 0;
    for (String line : Files.readAllLines(GOLDEN)) {
      byte[] bytes = HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
      assertSame(FactCodec.decode(bytes), List.of(Facts.samples().get(i++)));
    }
  }

  private static String line(Fact fact) {
    byte[] bytes = FactCodec.encode(List.of(fact));
    return fact.getClass().getSimpleName() + " " + HexFormat.of().formatHex(bytes);
  }

  @Test
  void aVersionThatIsNotKnownIsRefused() {
    assertThatExceptionOfType(UnreadableRow.class)
        .isThrownBy(() -> FactCodec.decode(new byte[] {8, 2}))
        .withMessageContaining("version 2");
    assertThatExceptionOfType(UnreadableRow.class).isThrownBy(() -> FactCodec.decode(new byte[0]));
  }

  @Test
  void aKindThatIsNotKnownIsRefused() {
    // Version 1, and a fact with field 99 alone.
    assertThatExceptionOfType(UnreadableRow.class)
        .isThrownBy(() -> FactCodec.decode(new byte[] {8, 1, 18, 3, (byte) 0x9a, 6, 0}))
        .withMessageContaining("kind of fact");
  }

  @Test
  void aKindOfLetterThatIsNotKnownIsRefused() {
    assertThatExceptionOfType(UnreadableRow.class)
        .isThrownBy(() -> FactCodec.decodeLetter(new byte[] {(byte) 0x9a, 6, 0}))
        .withMessageContaining("kind of letter");
  }

  @Test
  void fieldsOfLaterVersionsAreIgnored() throws UnreadableRow {
    for (Fact fact : Facts.samples()) {
      StoredFact.Builder stored = row(fact).getFacts(0).toBuilder();
      FieldDescriptor kind = stored.getAllFields().keySet().iterator().next();
      stored.setField(kind, later((Message) stored.getField(kind)));
      byte[] bytes = StoredRow.newBuilder().setVersion(1).addFacts(stored).build().toByteArray();
      assertSame(FactCodec.decode(bytes), List.of(fact));
    }
  }

  /** With a field that this version does not know, here and in all that is within. */
  private static Message later(Message message) {
    Message.Builder later = message.toBuilder();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (value instanceof Message inner) {
                later.setField(field, later(inner));
              }
            });
    var unknown = UnknownFieldSet.Field.newBuilder().addVarint(5).build();
    return later
        .setUnknownFields(UnknownFieldSet.newBuilder().addField(99, unknown).build())
        .build();
  }

  private static StoredRow row(Fact fact) {
    try {
      return StoredRow.parseFrom(FactCodec.encode(List.of(fact)));
    } catch (InvalidProtocolBufferException broken) {
      throw new AssertionError(broken);
    }
  }

  static List<Fact> impossibleFacts() {
    Identity alice = new Identity("alice");
    long[] bits = new long[Fact.Marked.WORDS];
    return List.of(
        new Fact.Offered(1, "s", 1, new long[] {1, 0}),
        new Fact.Acked(1, 1, new long[] {-1}),
        new Fact.Failed(1, 0, "", 1),
        new Fact.Ended(1, -3, Fate.DEAD, ""),
        new Fact.Told(1, new long[] {0}),
        new Fact.Restored(1, 1, 1, new long[] {1}),
        new Fact.Pending(1, 1, alice, "", "", false, -1, 0, 1, 1, false, false, false, 0, 0),
        new Fact.Pending(1, 1, alice, "", "", false, 1, 0, 1, 1, false, false, false, -1, 0),
        new Fact.Remembered(alice, "m", false, 1, 0, Fate.DEAD, 1),
        new Fact.Marked(alice, "m", 1, new long[Fact.Marked.WORDS + 1]),
        new Fact.Marked(alice, "m", -1, bits),
        new Fact.Owed(alice, new Letter.Receipt(alice, 0, "m", "", Fate.DEAD, 1, "")),
        new Fact.Owed(alice, new Letter.Receipt(alice, 1, "m", "", Fate.DEAD, -1, "")));
  }

  @ParameterizedTest
  @MethodSource("impossibleFacts")
  void aValueThatNoFactCanHaveIsRefused(Fact fact) {
    byte[] bytes = FactCodec.encode(List.of(fact));
    assertThatExceptionOfType(UnreadableRow.class).isThrownBy(() -> FactCodec.decode(bytes));
  }

  @Test
  void aNameOrAFateThatIsNotKnownIsRefusedWithoutSayingWhatItIs() {
    StoredFact.Builder named = StoredFact.newBuilder();
    named.getSaidAgainBuilder().setFrom("not a name");
    StoredFact.Builder fated = StoredFact.newBuilder();
    fated.getEndedBuilder().setPlace(1).setFate(Fate.values().length);
    for (StoredFact.Builder stored : List.of(named, fated)) {
      byte[] bytes = StoredRow.newBuilder().setVersion(1).addFacts(stored).build().toByteArray();
      assertThatExceptionOfType(UnreadableRow.class)
          .isThrownBy(() -> FactCodec.decode(bytes))
          .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("not a name"));
    }
  }

  /** Beyond the array that is asked for: the rows of a busy mailbox are megabytes. */
  @Test
  void aBodyIsCopiedOnceEachWay() throws UnreadableRow {
    int size = 4 << 20;
    Letter letter =
        new Letter.Message(
            new Identity("alice"), "", Body.data(new byte[size]), "m", "", 1, Map.of());
    List<Fact> facts = List.of(new Fact.Accepted(1, 1, letter, 1, false, false));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    byte[] bytes = FactCodec.encode(facts);
    long between = THREADS.getCurrentThreadAllocatedBytes();
    List<Fact> read = FactCodec.decode(bytes);
    long after = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(read.equals(facts)).isTrue();
    assertThat(between - before).as("allocated to write").isLessThan(size * 3L / 2);
    assertThat(after - between).as("allocated to read").isLessThan(size * 3L / 2);
  }

  /** What the caller does with its bytes later is not seen in what was read. */
  @Test
  void whatIsReadKeepsNothingOfTheBytes() throws UnreadableRow {
    byte[] bytes = FactCodec.encode(Facts.samples());
    List<Fact> read = FactCodec.decode(bytes);
    Arrays.fill(bytes, (byte) 0);
    assertSame(read, Facts.samples());
  }

  @Test
  void brokenBytesAreRefusedInOneWayAndCheaply() {
    assertRefusedInOneWay(FactCodec.encode(Facts.samples()), FactCodec::decode);
  }

  @Test
  void brokenLettersAreRefusedInOneWayAndCheaply() {
    for (Fact fact : Facts.samples()) {
      if (fact instanceof Fact.Accepted accepted) {
        assertRefusedInOneWay(FactCodec.encode(accepted.letter()), FactCodec::decodeLetter);
      }
    }
  }

  @Test
  void aRowThatEndsWithTheEndOfAGroupIsBroken() {
    byte[] valid = FactCodec.encode(Facts.samples());
    byte[] longer = Arrays.copyOf(valid, valid.length + 1);
    longer[valid.length] = 12;
    assertThat(isRead(longer, FactCodec::decode)).isFalse();
  }

  private interface Reading {
    Object read(byte[] bytes) throws UnreadableRow;
  }

  private static void assertRefusedInOneWay(byte[] valid, Reading reading) {
    for (int length = 0; length < valid.length; length++) {
      isRead(Arrays.copyOf(valid, length), reading);
    }
    Random random = new Random(20_261_127);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      refused += isRead(bytes, reading) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  private static boolean isRead(byte[] bytes, Reading reading) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean isRead;
    try {
      reading.read(bytes);
      isRead = true;
    } catch (UnreadableRow refused) {
      isRead = false;
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    return isRead;
  }
}
