package io.peerhub.room;

import static io.peerhub.Patience.PATIENCE;
import static io.peerhub.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.peerhub.ActorKit;
import io.peerhub.delivery.Budget;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.mail.Via;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Ledger;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Drop;
import io.peerhub.telemetry.Meters.Meter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoomActorTest {
  private static final Identity ANN = new Identity("ann");
  private static final long TERM = 5;

  @RegisterExtension final ActorKit actors = new ActorKit();

  private final Meters meters = new Meters();
  private final Ledger ledger = new Ledger();
  private final Budget crossings = new Budget(1 << 20);
  private volatile boolean faulty;
  private volatile CompletableFuture<Long> term = CompletableFuture.completedFuture(TERM);
  private TestProbe<SessionInput> hall;
  private TestProbe<SessionInput> session;
  private TestProbe<ClusterSharding.ShardCommand> shard;
  private ActorRef<Room.Command> room;

  @BeforeEach
  void start() {
    hall = actors.probe();
    session = actors.probe();
    shard = actors.probe();
    room = spawn();
  }

  private ActorRef<Room.Command> spawn() {
    RoomCollaborators with =
        new RoomCollaborators(
            RoomSettings.from(ConfigFactory.load().getConfig("peerhub.room")),
            () -> term,
            crossings,
            (to, what) -> {
              throw new AssertionError("everybody is here");
            },
            new RoomCensus(),
            this::nanos,
            actors.clock(),
            meters,
            ledger);
    return actors.kit().spawn(RoomActor.create("lobby", shard.ref(), with));
  }

  private long nanos() {
    if (faulty) {
      faulty = false;
      throw new IllegalStateException("a bug");
    }
    return actors.nanos();
  }

  private Seat hallSeat() {
    return new Seat(hall.ref(), 0);
  }

  private Seat sessionSeat() {
    return new Seat(session.ref(), 0);
  }

  private void find() {
    room.tell(new Room.Resolve("lobby", hall.ref()));
    assertThat(hall.expectMessageClass(Room.Found.class, PATIENCE).actor()).isEqualTo(room);
  }

  private void join() {
    room.tell(new Room.Join(hallSeat(), ANN, sessionSeat(), 1, 0, 0, false, ""));
    hall.expectMessageClass(Room.Members.class, PATIENCE);
    hall.expectMessageClass(Room.Joined.class, PATIENCE);
  }

  private Mail.Delivery message(String text, Confirmation confirm) {
    return Deliveries.to("lobby")
        .from("bob")
        .addressed("room:lobby")
        .text(text)
        .confirm(confirm)
        .n(1)
        .answeredAt(sessionSeat())
        .make();
  }

  private List<Frame.Member> members() {
    room.tell(new Room.Ask(hallSeat(), sessionSeat(), "q"));
    return hall.expectMessageClass(Room.Members.class, PATIENCE).members();
  }

  private long publish(String text) {
    room.tell(new Room.Publish(hallSeat(), message(text, Confirmation.NONE)));
    return copySeq(text);
  }

  private long copySeq(String text) {
    Room.Copy copy = hall.expectMessageClass(Room.Copy.class, PATIENCE);
    assertThat(copy.message().letter().body().asText()).isEqualTo(text);
    return ((Via.Room) copy.message().via()).roomSeq();
  }

  @Test
  void isStartedAgainAfterAFaultWithItsMembersAndItsNumbers() {
    find();
    join();
    long before = publish("1");
    faulty = true;
    room.tell(new Room.Publish(hallSeat(), message("lost by the fault", Confirmation.NONE)));
    assertThat(publish("2")).isEqualTo(before + 1);
    assertThat(meters.sum(Meter.CRASHES)).isEqualTo(1);
    assertThat(members()).extracting(Frame.Member::peer).containsExactly("ann");
  }

  @Test
  void numbersHaveATermInTheirHighPart() {
    find();
    join();
    assertThat(publish("1")).isEqualTo((TERM << 20) + 1);
  }

  @Test
  void whoLooksForItIsToldWhereThereIsNoTerm() {
    term = CompletableFuture.failedFuture(new IllegalStateException("no database"));
    ActorRef<Room.Command> orphan = spawn();
    orphan.tell(new Room.Resolve("lobby", hall.ref()));
    TestProbe<Object> end = actors.probe();
    end.expectTerminated(orphan, PATIENCE);
  }

  @Test
  void membersOfALoopThatIsGoneAreLost() {
    find();
    join();
    TestProbe<SessionInput> other = actors.probe();
    Seat there = new Seat(other.ref(), 1);
    room.tell(new Room.Join(there, new Identity("bob"), there, 1, 0, 0, false, ""));
    other.expectMessageClass(Room.Members.class, PATIENCE);
    other.expectMessageClass(Room.Joined.class, PATIENCE);
    // It has answered before it sets its timer; when it answers this it has set it.
    assertThat(members()).hasSize(2);
    actors.pass(Duration.ofMillis(50));
    assertThat(hall.expectMessageClass(Room.Changed.class, PATIENCE).event())
        .isEqualTo(RoomEvent.ENTER);
    other.stop();
    TestProbe<Object> end = actors.probe();
    end.expectTerminated(other.ref(), PATIENCE);
    await().until(() -> members().size() == 1);
    actors.pass(Duration.ofMillis(50));
    Room.Changed gone = hall.expectMessageClass(Room.Changed.class, PATIENCE);
    assertThat(gone.event()).isEqualTo(RoomEvent.LEAVE);
    assertThat(gone.reason()).isEqualTo("lost");
  }

  @Test
  void aMemberThatMovesAndDoesNotComeBackIsLost() {
    find();
    join();
    room.tell(new Room.Turn(ANN, sessionSeat(), Step.MOVING));
    assertThat(members()).hasSize(1);
    actors.pass(Duration.ofMillis(50));
    hall.expectMessageClass(Room.Changed.class, PATIENCE);
    actors.pass(Duration.ofSeconds(11));
    for (int i = 0; i < 20; i++) {
      actors.pass(Duration.ofMillis(50));
      room.tell(new Room.Ask(hallSeat(), sessionSeat(), "during"));
      SessionInput heard = hall.receiveMessage(PATIENCE);
      if (heard instanceof Room.Changed changed) {
        assertThat(changed.reason()).isEqualTo("lost");
        return;
      }
    }
    throw new AssertionError("it is still there");
  }

  @Test
  void aLoopThatDoesNotKeepUpMissesMessagesAndIsToldHowMany() {
    find();
    join();
    String large = "x".repeat(100_000);
    for (int i = 0; i < 20; i++) {
      room.tell(new Room.Publish(hallSeat(), message(large, Confirmation.NONE)));
    }
    // The answer comes behind all twenty, so that every one has met its fate by then.
    room.tell(new Room.Ask(hallSeat(), sessionSeat(), "q"));
    int came = 0;
    long bytes = 0;
    boolean answered = false;
    while (!answered) {
      SessionInput heard = hall.receiveMessage(PATIENCE);
      if (heard instanceof Room.Copy copy) {
        came++;
        bytes += copy.weight();
      }
      answered = heard instanceof Room.Members;
    }
    assertThat(came).isEqualTo(10); // A budget of 1 MiB holds ten of them.
    crossings.release(bytes);
    publishAfter(10);
    assertThat(meters.sum(Drop.BUDGET)).isEqualTo(10);
  }

  private void publishAfter(long missed) {
    room.tell(new Room.Publish(hallSeat(), message("next", Confirmation.NONE)));
    while (true) {
      SessionInput heard = hall.receiveMessage(PATIENCE);
      if (heard instanceof Room.Copy copy) {
        assertThat(copy.message().letter().body().asText()).isEqualTo("next");
        assertThat(copy.missed()).isEqualTo(missed);
        return;
      }
    }
  }

  @Test
  void aFloodIsRefusedToWhoAskedForAConfirmation() {
    find();
    for (int i = 0; i < 100_001; i++) {
      Confirmation confirm = i == 100_000 ? Confirmation.ACCEPTED : Confirmation.NONE;
      room.tell(new Room.Publish(hallSeat(), message("x", confirm)));
    }
    Mail.Refused refused = session.expectMessageClass(Mail.Refused.class, PATIENCE);
    assertThat(refused.refusal()).isEqualTo(Refusal.TOO_FAST);
    assertThat(refused.retryAfterMs()).isPositive();
  }
}
