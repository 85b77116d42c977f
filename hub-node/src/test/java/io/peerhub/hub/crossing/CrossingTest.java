package io.peerhub.hub.crossing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.io.Output;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.mail.SessionInput;
import io.peerhub.peer.Roster;
import io.peerhub.routing.LinkItem;
import java.io.IOException;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossingTest {
  private static final Path GOLDEN = Path.of("src/test/resources/crossing/golden.txt");
  private static final Path GOLDEN_BEFORE =
      Path.of("src/test/resources/crossing/golden-before.txt");

  private ActorTestKit kit;
  private ActorRefResolver resolver;
  private CrossingKit crossing;
  private Samples samples;

  @BeforeAll
  void start() {
    Config config =
        ConfigFactory.parseString(
                """
                pekko.actor.provider = remote
                pekko.loglevel = OFF
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                """)
            .withFallback(ConfigFactory.parseResources("crossing.conf"));
    kit = ActorTestKit.create("crossing", config.withFallback(ConfigFactory.load()));
    resolver = ActorRefResolver.get(kit.system());
    crossing = new CrossingKit(resolver);
    samples = new Samples(resolver);
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws NotSerializableException {
    for (Object message : samples.all()) {
      assertSame(crossing.read(crossing.write(message)), message);
    }
  }

  /** Arrays are equal by their elements here, which records do not see. */
  private static void assertSame(Object read, Object written) {
    boolean hasArray =
        Arrays.stream(written.getClass().getRecordComponents())
            .anyMatch(component -> component.getType().isArray());
    if (hasArray) {
      assertThat(read).usingRecursiveComparison().isEqualTo(written);
    } else {
      assertThat(read).isEqualTo(written);
    }
  }

  @Test
  void everyFormHasASampleAndANumberOfItsOwn() {
    assertThat(samples.all().stream().map(Object::getClass).distinct().map(Class::getName))
        .containsExactlyInAnyOrderElementsOf(
            CrossingTable.forms().stream().map(form -> form.type.getName()).toList());
    assertThat(CrossingTable.forms().stream().map(form -> form.id))
        .doesNotHaveDuplicates()
        .allMatch(id -> id >= CrossingTable.FIRST_ID);
  }

  /** To change a form is a new version; a new message is a new line. */
  @Test
  void theBytesThatAreWrittenStayAsTheyAre() throws IOException {
    String now = samples.all().stream().map(this::line).collect(Collectors.joining("\n", "", "\n"));
    assertThat(now).isEqualTo(Files.readString(GOLDEN));
  }

  /** The forms that have changed, as the version before wrote them. */
  @Test
  void whatTheVersionBeforeWroteIsRead() throws IOException {
    int older = 0;
    for (String line : Files.readAllLines(GOLDEN_BEFORE)) {
      byte[] bytes = HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
      Object read = crossing.read(bytes);
      assertThat(samples.all()).anySatisfy(sample -> assertSame(read, sample));
      older += line.equals(line(read)) ? 0 : 1;
    }
    assertThat(older).isEqualTo(10);
  }

  private String line(Object message) {
    String name = message.getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1)
        + " "
        + HexFormat.of().formatHex(crossing.write(message));
  }

  @Test
  void pekkoFindsTheSerializerForEverySample() throws NotSerializableException {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
    for (Object message : samples.all()) {
      assertThat(serialization.serializerFor(message.getClass()))
          .isInstanceOf(CrossingSerializer.class);
      byte[] bytes = serialization.serialize(message).get();
      int identifier = serialization.serializerFor(message.getClass()).identifier();
      assertSame(serialization.deserialize(bytes, identifier, "").get(), message);
    }
  }

  @Test
  void corruptedBytesAreRefusedInOneWay() {
    List<byte[]> valid = samples.all().stream().map(crossing::write).toList();
    Random random = new Random(20_261_121);
    int refused = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = mutate(valid.get(random.nextInt(valid.size())), random);
      try {
        crossing.read(bytes);
      } catch (NotSerializableException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50_000);
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = Arrays.copyOf(valid, valid.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        yield bytes;
      }
      default -> {
        for (int i = 0; i < 4; i++) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield bytes;
      }
    };
  }

  @Test
  void aClaimedLengthIsRefusedBeforeAnythingIsAllocatedForIt() {
    byte[] found = crossing.write(new Roster.Found("bob", "node", List.of()));
    byte[] bomb = Arrays.copyOf(found, found.length + 4);
    Arrays.fill(bomb, found.length - 1, found.length + 3, (byte) 0xFF);
    bomb[found.length + 3] = 0x07;
    byte[] className = {1, 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
    byte[] text = {58, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
    long before = allocated();
    for (int i = 0; i < 1_000; i++) {
      assertThatThrownBy(() -> crossing.read(bomb)).isInstanceOf(NotSerializableException.class);
      assertThatThrownBy(() -> crossing.read(text)).isInstanceOf(NotSerializableException.class);
      assertThatThrownBy(() -> crossing.read(className))
          .isInstanceOf(NotSerializableException.class);
    }
    assertThat(allocated() - before).isLessThan(64L << 20);
  }

  /** A name as Kryo itself would write it: the class must not even be looked for. */
  @Test
  void aClassThatIsNamedIsNotLookedFor() {
    for (String name : List.of("javax.script.ScriptEngineManager", "no.such.Type")) {
      Output named = new Output(64);
      named.writeVarInt(1, true);
      named.writeVarInt(0, true);
      named.writeString(name);
      assertThatThrownBy(() -> crossing.read(named.toBytes()))
          .isInstanceOf(NotSerializableException.class)
          .hasMessage("cannot be read: not a message");
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  void whatIsNotInTheTableDoesNotCross() throws NotSerializableException {
    assertThatThrownBy(() -> crossing.write("a text")).isInstanceOf(IllegalArgumentException.class);
    CrossingLinkCodec codec = new CrossingLinkCodec(resolver);
    ActorRef<SessionInput> target = samples.seat().session();
    codec.write(new LinkItem(target, samples.full()));
    assertThatThrownBy(() -> codec.write(new LinkItem(target, new SessionInput() {})))
        .isInstanceOf(NotSerializableException.class);
    assertThat(codec.read(codec.finish())).hasSize(1);
  }

  @Test
  void aBatchNamesEachActorOnce() throws NotSerializableException {
    CrossingLinkCodec codec = new CrossingLinkCodec(resolver);
    List<LinkItem> items = new ArrayList<>();
    ActorRef<SessionInput> other = resolver.resolveActorRef(Samples.OTHER);
    for (int i = 0; i < 100; i++) {
      items.add(new LinkItem(other, samples.full()));
    }
    items.add(new LinkItem(null, samples.full()));
    int size = 0;
    for (LinkItem item : items) {
      size = codec.write(item);
    }
    assertThat(size).isLessThan(items.size() * 80);
    byte[] bytes = codec.finish();
    assertThat(bytes).hasSize(size);
    assertThat(codec.read(bytes)).isEqualTo(items);
  }

  @Test
  void keepsNoBufferOfAVeryLargeMessage() throws NotSerializableException {
    CrossingWriter out = new CrossingWriter(new ActorNames(resolver));
    new CrossingKryo().write(out, samples.bare(new byte[1 << 20]));
    assertThat(out.position()).isGreaterThan(1 << 20);
    out.clear();
    assertThat(out.getBuffer().length).isLessThan(64 << 10);
  }
}
