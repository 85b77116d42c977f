package io.peerhub.hub.crossing;

import io.peerhub.cluster.Doors;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.Seat;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Presence;
import io.peerhub.peer.Roster;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.room.Room;
import io.peerhub.room.RoomEvent;
import io.peerhub.room.Step;
import io.peerhub.routing.LinkEndpoint;
import io.peerhub.routing.RouteNotice;
import io.peerhub.session.HandOver;
import io.peerhub.session.Posting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** One message of each kind that crosses, and more where there are several shapes of it. */
final class Samples {
  static final String SESSION = "pekko://golden@127.0.0.9:7355/user/sessions-1/$a#1234567";
  static final String OTHER = "pekko://golden@127.0.0.8:7355/user/sessions-0/$b#-7654321";

  private final ActorRefResolver resolver;
  private final Identity bob = new Identity("bob/phone");
  private final Identity alice = new Identity("alice");

  Samples(ActorRefResolver resolver) {
    this.resolver = resolver;
  }

  private <T> ActorRef<T> actor(String name) {
    return resolver.resolveActorRef(name);
  }

  Seat seat() {
    return new Seat(actor(SESSION), 1);
  }

  Mail.Delivery full() {
    return Deliveries.to(bob)
        .from(alice)
        .addressed("bob/*")
        .text("grüße")
        .id("id-7")
        .re("re-6")
        .sentAt(1_763_700_000_123L)
        .ttlMs(29_999)
        .headers(new TreeMap<>(Map.of("a", "1", "b", "")))
        .confirm(Confirmation.DELIVERED)
        .n(9_007_199_254_740_991L)
        .answeredAt(seat())
        .make();
  }

  Mail.Delivery bare(byte[] body) {
    return Deliveries.to(bob)
        .from(alice)
        .body(body.length == 0 ? Body.EMPTY : Body.data(body))
        .ttlMs(0)
        .make();
  }

  List<Object> all() {
    return Stream.of(firstOnes(), ofRooms(), ofMailboxes()).flatMap(List::stream).toList();
  }

  private List<Object> ofRooms() {
    Frame.Member member = new Frame.Member("bob", 1_763_700_000_000L, Map.of("label", "x"));
    return List.of(
        new HandOver.Stay("lobby", true, 3_145_729),
        full().inRoom(3_145_729),
        full().asAgain(),
        new Room.Resolve("lobby", actor(OTHER)),
        new Room.Publish(seat(), full()),
        new Room.Join(seat(), bob, seat(), 3, 10, 3_145_728, true, "j"),
        new Room.Turn(bob, seat(), Step.TAKEN_OVER),
        new Room.Report(
            seat(), List.of(new Room.Reported(bob, seat(), 1_763_700_000_000L, true)), 7),
        new Room.Heard(seat(), 65_536),
        new Room.Ask(seat(), seat(), "q"),
        new Room.Stop(),
        new Room.Found("lobby", actor(OTHER)),
        new Room.Unavailable("lobby", Refusal.STORE_UNAVAILABLE),
        new Room.Members("lobby", seat(), List.of(member), true, "q"),
        new Room.Joined("lobby", seat(), 3, 3_145_728, true),
        new Room.Turned("lobby", seat(), Refusal.TOO_MANY),
        new Room.Replayed("lobby", seat(), full().inRoom(3_145_729)),
        new Room.Copy("lobby", full().inRoom(3_145_729), 2, false),
        new Room.Changed("lobby", RoomEvent.LEAVE, "lost", List.of(member)),
        new Room.Taken("lobby", 65_536),
        new Room.Closing("lobby"));
  }

  private List<Object> ofMailboxes() {
    Letter.Message message =
        new Letter.Message(
            alice,
            "",
            Body.json("{\"a\":1}"),
            "order-7",
            "re-6",
            1_763_700_000_123L,
            new TreeMap<>(Map.of("a", "1", "b", "")));
    Letter.Receipt receipt =
        new Letter.Receipt(bob, 12, "order-6", "bob/phone", Fate.REJECTED, 3, "no");
    Mailbox.Parcel parcel = new Mailbox.Parcel(message, 60_000, true, true);
    long[] places = {1, 4_000_000_000L};
    return List.of(
        new Mailbox.Post(bob, 3, true, List.of(parcel), actor(SESSION)),
        new Mailbox.Posted(
            bob, 3, List.of(new Mailbox.Answer(0, true, 0), new Mailbox.Answer(4003, false, 1000))),
        new Mailbox.Deposit(alice, bob, List.of(receipt)),
        new Mailbox.Deposited(bob, places),
        new Mailbox.Attach(bob, actor(SESSION), "s-1", 1_048_577, 256, places),
        new Mailbox.Away(bob, 1_048_577, 1, places),
        new Mailbox.Detach(bob, 1_048_577),
        new Mailbox.Acked(bob, 1_048_577, places, 9),
        new Mailbox.Rejected(bob, 1_048_577, 1, "not now", true),
        new Mailbox.Wake(bob),
        new Mailbox.Stop(),
        new Mailbox.Waiting(bob),
        new Mailbox.Letters(
            bob,
            1_048_577,
            List.of(new Mailbox.Item(1, message, true, 2), new Mailbox.Item(2, receipt, false, 1))),
        new Mailbox.AckTaken(bob, 1_048_577, 9),
        new Mailbox.Withdrawn(bob, 1_048_577, places),
        new HandOver.WrittenLetter(9, 2, new Mailbox.Item(1, message, true, 2)),
        new HandOver.Unposted(bob, true, new Posting(parcel, "", 7, true)),
        new Peer.Knock(bob));
  }

  private List<Object> firstOnes() {
    Roster.Entry entry =
        new Roster.Entry(bob, seat(), "s-1", 1_048_577, 1_763_700_000_000L, "json");
    HandOver.Answer refused = new HandOver.Answer(3, "c", Confirmation.NONE, 4006, 250);
    HandOver.Answer taken = new HandOver.Answer(4, "d", Confirmation.ACCEPTED, 0, 0);
    ActorRef<SessionInput> session = actor(SESSION);
    LinkEndpoint.Stamp stamp = new LinkEndpoint.Stamp(actor(OTHER), 3, 1_000, true);
    return List.of(
        full(),
        bare(new byte[0]),
        new Mail.Confirmed("id-7", 7, Confirmation.ACCEPTED),
        new Mail.Refused("id-7", 7, Refusal.OFFLINE, 1_000),
        new Mail.Lost(12, "link"),
        new Mail.Fence(1L << 48 | 5, actor(OTHER)),
        new Mail.Fenced(5),
        new Peer.Attach(bob, seat(), "s-2", "s-1"),
        new Peer.Reattach(bob, seat(), "s-2", 1_048_578),
        new Peer.Away(bob, seat()),
        new Peer.Leave(bob, seat()),
        new Peer.Depart(bob, seat()),
        new Peer.Departed(bob, seat()),
        new Doors.Door("pekko://peerhub@127.0.0.9:7355", "127.0.0.9:37888"),
        new Peer.Resolve(bob, actor(OTHER)),
        new Peer.Ask(bob, actor(SESSION), "q"),
        new Peer.Stop(),
        new Peer.Resolved(bob, null, 0),
        new Peer.Resolved(bob, seat(), 1_048_577),
        new Peer.Attached(1_048_577, actor(OTHER), null, false),
        new Peer.Attached(1_048_578, actor(OTHER), seat(), true),
        new Peer.Reattached(actor(OTHER)),
        new Peer.Denied(Refusal.ALREADY_CONNECTED, 0),
        new Peer.Yield(seat(), 1_048_578, true),
        new Peer.Whereabouts(bob, Presence.AWAY, 1_763_700_000_000L, "q"),
        new Roster.Call(bob, actor(OTHER)),
        new Roster.Find("bob", actor(OTHER)),
        new Roster.Browse("alice", 100, actor(OTHER)),
        new Roster.Present(bob, "127.0.0.9:7355", null),
        new Roster.Present(bob, "127.0.0.9:7355", entry),
        new Roster.Found("bob", "127.0.0.9:7355", List.of(alice, bob)),
        new Roster.Page("127.0.0.9:7355", 2, List.of(entry, entry)),
        new HandOver.State("s-1", 9, 7, true, 4, 2, List.of(refused, taken)),
        new HandOver.Written(8, 1, full()),
        new HandOver.Waiting(bare(new byte[] {0, 1, 2})),
        new HandOver.End(2),
        new HandOver.End(2, 1),
        new HandOver.Pending(),
        new Mail.Forwarded(full().asAgain()),
        new LinkEndpoint.Packet(stamp, true, new byte[] {1, 2, 3}),
        new LinkEndpoint.Ack(3, actor(OTHER), 1_000),
        new LinkEndpoint.Missing(3, 999),
        new LinkEndpoint.Reset(3),
        new RouteNotice.Moved(bob, seat(), new Seat(actor(OTHER), 0), 1_048_578),
        new RouteNotice.Returned(full(), session),
        new RouteNotice.Drained(5),
        new RouteNotice.Barrier(1L << 48 | 6, actor(OTHER)));
  }
}
