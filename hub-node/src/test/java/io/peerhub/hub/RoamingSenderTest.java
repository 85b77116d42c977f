package io.peerhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.hub.TestPeer.Wire;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.telemetry.Meters.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sender that moves between loops and nodes, or ends and begins anew, in the middle of its sends,
 * over links with so little credit that what it has sent is still on the way when it sends again
 * from elsewhere.
 */
class RoamingSenderTest {
  private static final int MESSAGES = 4_000;
  private static final int ENDS = 1_500;
  private static final String PADDING = "x".repeat(400);
  private static final Map<String, ?> SLOW_LINKS =
      Map.of(
          "peerhub.connection.loops", 2,
          "peerhub.routing.link.credit", "1 KiB",
          "peerhub.routing.link.batch", "1 KiB",
          "peerhub.routing.link.give-up-after", "1h",
          "peerhub.peer.departure-timeout", "1h");

  private static TestHub first;
  private static TestHub second;

  @BeforeAll
  static void start() throws Exception {
    first = TestHub.start(SLOW_LINKS);
    second = first.second(SLOW_LINKS);
    TestHub.awaitUp(first, second);
  }

  @AfterAll
  static void stop() {
    second.close();
    first.close();
  }

  /** A peer that goes on with its session wherever it connects. */
  private static final class Roamer implements AutoCloseable {
    private final String identity;
    private final Random random;
    private TestPeer peer;
    private String session;
    private long processed;

    Roamer(String identity, Random random) throws Exception {
      this.identity = identity;
      this.random = random;
      connect(null);
    }

    private Frame.Welcome connect(Frame.Resume resume) throws Exception {
      TestHub hub = random.nextBoolean() ? first : second;
      peer = TestPeer.connect(hub.address(), Wire.BINARY);
      peer.say(TestPeer.hello(identity, "client", resume));
      Frame.Welcome welcome = peer.expect(Frame.Welcome.class);
      assertThat(welcome.resumed()).isEqualTo(resume != null);
      session = welcome.session();
      return welcome;
    }

    /**
     * Says good-bye, which the hub reads behind all sends, and begins anew wherever it connects.
     */
    void beginAnew() throws Exception {
      peer.say(new Frame.Bye(""));
      peer.awaitEnd();
      connect(null);
    }

    /** Cuts the connection and goes on with another; says what the hub had taken. */
    long move() throws Exception {
      peer.cut();
      return connect(new Frame.Resume(session, processed)).received();
    }

    @Override
    public void close() throws java.io.IOException {
      peer.close();
    }
  }

  private static Void receive(Roamer receiver, int count, int moves) throws Exception {
    int last = 0;
    for (int i = 1; i <= count; i++) {
      Frame.FromHub frame = receiver.peer.next();
      if (!(frame instanceof Frame.Message message)) {
        throw new AssertionError(receiver.identity + ": lost or doubled: " + frame);
      }
      assertThat(message.seq()).isEqualTo(receiver.processed + 1);
      receiver.processed = message.seq();
      int number = Integer.parseInt(message.body().asText().split(" ")[0]);
      assertThat(number).as(receiver.identity).isGreaterThan(last);
      last = number;
      if (i % 20 == 0) {
        receiver.peer.say(new Frame.Ack(receiver.processed));
      }
      if (moves > 0 && receiver.random.nextInt(count / moves) == 0) {
        receiver.move();
      }
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 8", "4, 8"})
  void flowsStayInOrderAndWholeWhileTheirSenderRoams(long seed, int movesOfReceivers)
      throws Exception {
    Random random = new Random(seed);
    List<Roamer> receivers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      receivers.add(new Roamer("taker-" + seed + "-" + i, new Random(seed + i)));
    }
    List<Roamer> devices = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      devices.add(new Roamer("spread-" + seed + "/" + i, new Random(seed + 100 + i)));
    }
    String[] to = new String[MESSAGES + 1];
    int[] counts = new int[receivers.size() + 1];
    for (int n = 1; n <= MESSAGES; n++) {
      int target = random.nextInt(counts.length);
      counts[target]++;
      to[n] = target < 4 ? receivers.get(target).identity : "spread-" + seed + "/*";
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Roamer rover = new Roamer("rover-" + seed, random)) {
      List<Future<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < receivers.size(); i++) {
        Roamer receiver = receivers.get(i);
        int count = counts[i];
        tasks.add(threads.submit(() -> receive(receiver, count, movesOfReceivers)));
      }
      for (Roamer device : devices) {
        tasks.add(threads.submit(() -> receive(device, counts[4], 0)));
      }
      send(rover, to, random);
      for (Future<Void> task : tasks) {
        task.get();
      }
    }
    for (Roamer receiver : receivers) {
      receiver.close();
    }
    for (Roamer device : devices) {
      device.close();
    }
    nothingWasLate();
  }

  private static void nothingWasLate() {
    for (TestHub hub : List.of(first, second)) {
      assertThat(hub.node().meters().sum(Meter.SETTLED_LATE)).isZero();
      assertThat(hub.node().meters().sum(Meter.FENCES_LOST)).isZero();
      assertThat(hub.node().meters().sum(Meter.DEAD_LETTERS_UNEXPLAINED)).isZero();
    }
  }

  /** Each of its sessions is over before the next one begins, and nothing ties them together. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void flowsStayInOrderAndWholeWhileTheirSenderEndsAndBeginsAnew(long seed) throws Exception {
    Random random = new Random(seed);
    List<Roamer> receivers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      receivers.add(new Roamer("keeper-" + seed + "-" + i, new Random(seed + i)));
    }
    int[] counts = new int[receivers.size()];
    int[] to = new int[ENDS + 1];
    for (int n = 1; n <= ENDS; n++) {
      to[n] = random.nextInt(counts.length);
      counts[to[n]]++;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Roamer rover = new Roamer("guest-" + seed, random)) {
      List<Future<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < counts.length; i++) {
        Roamer receiver = receivers.get(i);
        int count = counts[i];
        tasks.add(threads.submit(() -> receive(receiver, count, 0)));
      }
      for (int n = 1; n <= ENDS; n++) {
        rover.peer.say(
            TestPeer.send(
                receivers.get(to[n]).identity, n + " " + PADDING, "", 0, Confirmation.NONE));
        if (random.nextInt(200) == 0) {
          rover.beginAnew();
        }
      }
      for (Future<Void> task : tasks) {
        task.get();
      }
    }
    for (Roamer receiver : receivers) {
      receiver.close();
    }
    nothingWasLate();
  }

  private static void send(Roamer rover, String[] to, Random random) throws Exception {
    long next = 1;
    while (next <= MESSAGES) {
      long upTo = Math.min(MESSAGES, next + random.nextInt(400));
      for (; next <= upTo; next++) {
        String text = next + " " + PADDING;
        rover.peer.say(TestPeer.send(to[(int) next], text, "", next, Confirmation.NONE));
      }
      next = rover.move() + 1;
    }
  }
}
