package io.peerhub.hub.crossing;

import io.peerhub.cluster.Doors;
import io.peerhub.mail.Mail;
import io.peerhub.mailbox.Mailbox;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.room.Room;
import io.peerhub.routing.LinkEndpoint;
import io.peerhub.routing.RouteNotice;
import io.peerhub.session.HandOver;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that may cross between nodes. A number is never given again, not even to the same
 * class after it was taken away; what is no longer sent stays until no version in use sends it.
 */
final class CrossingTable {
  /** The numbers below belong to Kryo itself. */
  static final int FIRST_ID = 16;

  /** Each form. */
  static List<Form<?>> forms() {
    return Stream.of(peers(), rooms(), mailboxes()).flatMap(List::stream).toList();
  }

  /** What sessions, peers and links say, by rising number. */
  private static List<Form<?>> peers() {
    return List.of(
        new Form<>(16, Mail.Delivery.class, 3, MailForms::delivery, MailForms::delivery),
        new Form<>(17, Mail.Confirmed.class, MailForms::confirmed, MailForms::confirmed),
        new Form<>(18, Mail.Refused.class, MailForms::refused, MailForms::refused),
        new Form<>(19, Mail.Lost.class, MailForms::lost, MailForms::lost),
        new Form<>(20, Mail.Fence.class, MailForms::fence, MailForms::fence),
        new Form<>(21, Mail.Fenced.class, MailForms::fenced, MailForms::fenced),
        new Form<>(24, Peer.Attach.class, PeerForms::attach, PeerForms::attach),
        new Form<>(25, Peer.Reattach.class, PeerForms::reattach, PeerForms::reattach),
        new Form<>(26, Peer.Away.class, PeerForms::away, PeerForms::away),
        new Form<>(27, Peer.Leave.class, PeerForms::leave, PeerForms::leave),
        new Form<>(28, Peer.Resolve.class, PeerForms::resolve, PeerForms::resolve),
        new Form<>(29, Peer.Ask.class, PeerForms::ask, PeerForms::ask),
        new Form<>(30, Peer.Stop.class, PeerForms::stop, PeerForms::stop),
        new Form<>(31, Peer.Resolved.class, PeerForms::resolved, PeerForms::resolved),
        new Form<>(32, Peer.Attached.class, PeerForms::attached, PeerForms::attached),
        new Form<>(33, Peer.Reattached.class, PeerForms::reattached, PeerForms::reattached),
        new Form<>(34, Peer.Denied.class, PeerForms::denied, PeerForms::denied),
        new Form<>(35, Peer.Yield.class, PeerForms::yield, PeerForms::yield),
        new Form<>(36, Peer.Whereabouts.class, PeerForms::whereabouts, PeerForms::whereabouts),
        new Form<>(40, Roster.Call.class, RosterForms::call, RosterForms::call),
        new Form<>(41, Roster.Find.class, RosterForms::find, RosterForms::find),
        new Form<>(42, Roster.Browse.class, RosterForms::browse, RosterForms::browse),
        new Form<>(43, Roster.Present.class, RosterForms::present, RosterForms::present),
        new Form<>(44, Roster.Found.class, RosterForms::found, RosterForms::found),
        new Form<>(45, Roster.Page.class, RosterForms::page, RosterForms::page),
        new Form<>(48, HandOver.State.class, HandOverForms::state, HandOverForms::state),
        new Form<>(49, HandOver.Written.class, 3, HandOverForms::written, HandOverForms::written),
        new Form<>(50, HandOver.Waiting.class, 3, HandOverForms::waiting, HandOverForms::waiting),
        new Form<>(51, HandOver.End.class, 2, HandOverForms::end, HandOverForms::end),
        new Form<>(52, HandOver.Stay.class, HandOverForms::stay, HandOverForms::stay),
        new Form<>(56, LinkEndpoint.Packet.class, LinkForms::packet, LinkForms::packet),
        new Form<>(57, LinkEndpoint.Ack.class, LinkForms::ack, LinkForms::ack),
        new Form<>(58, LinkEndpoint.Missing.class, LinkForms::missing, LinkForms::missing),
        new Form<>(59, LinkEndpoint.Reset.class, LinkForms::reset, LinkForms::reset),
        new Form<>(60, RouteNotice.Moved.class, LinkForms::moved, LinkForms::moved),
        new Form<>(61, RouteNotice.Returned.class, 3, LinkForms::returned, LinkForms::returned),
        new Form<>(62, RouteNotice.Drained.class, LinkForms::drained, LinkForms::drained),
        new Form<>(63, RouteNotice.Barrier.class, LinkForms::barrier, LinkForms::barrier),
        new Form<>(90, Peer.Depart.class, PeerForms::depart, PeerForms::depart),
        new Form<>(91, Peer.Departed.class, PeerForms::departed, PeerForms::departed),
        new Form<>(92, Doors.Door.class, RosterForms::door, RosterForms::door),
        new Form<>(93, HandOver.Pending.class, HandOverForms::pending, HandOverForms::pending),
        new Form<>(94, Mail.Forwarded.class, MailForms::forwarded, MailForms::forwarded));
  }

  /** What rooms say and hear, by rising number. */
  private static List<Form<?>> rooms() {
    return List.of(
        new Form<>(72, Room.Resolve.class, RoomForms::resolve, RoomForms::resolve),
        new Form<>(73, Room.Publish.class, 2, RoomForms::publish, RoomForms::publish),
        new Form<>(74, Room.Join.class, RoomForms::join, RoomForms::join),
        new Form<>(75, Room.Turn.class, RoomForms::turn, RoomForms::turn),
        new Form<>(76, Room.Report.class, RoomForms::report, RoomForms::report),
        new Form<>(77, Room.Heard.class, RoomForms::heard, RoomForms::heard),
        new Form<>(78, Room.Ask.class, RoomForms::ask, RoomForms::ask),
        new Form<>(79, Room.Stop.class, RoomForms::stop, RoomForms::stop),
        new Form<>(80, Room.Found.class, RoomForms::found, RoomForms::found),
        new Form<>(81, Room.Unavailable.class, RoomForms::unavailable, RoomForms::unavailable),
        new Form<>(82, Room.Members.class, RoomForms::members, RoomForms::members),
        new Form<>(83, Room.Joined.class, RoomForms::joined, RoomForms::joined),
        new Form<>(84, Room.Turned.class, RoomForms::turned, RoomForms::turned),
        new Form<>(85, Room.Replayed.class, 2, RoomForms::replayed, RoomForms::replayed),
        new Form<>(86, Room.Copy.class, 2, RoomForms::copy, RoomForms::copy),
        new Form<>(87, Room.Changed.class, RoomForms::changed, RoomForms::changed),
        new Form<>(88, Room.Taken.class, RoomForms::taken, RoomForms::taken),
        new Form<>(89, Room.Closing.class, RoomForms::closing, RoomForms::closing));
  }

  /** What mailboxes say and hear, by rising number. */
  private static List<Form<?>> mailboxes() {
    return List.of(
        new Form<>(96, Mailbox.Post.class, MailboxForms::post, MailboxForms::post),
        new Form<>(97, Mailbox.Posted.class, MailboxForms::posted, MailboxForms::posted),
        new Form<>(98, Mailbox.Deposit.class, MailboxForms::deposit, MailboxForms::deposit),
        new Form<>(99, Mailbox.Deposited.class, MailboxForms::deposited, MailboxForms::deposited),
        new Form<>(100, Mailbox.Attach.class, MailboxForms::attach, MailboxForms::attach),
        new Form<>(101, Mailbox.Away.class, MailboxForms::away, MailboxForms::away),
        new Form<>(102, Mailbox.Detach.class, MailboxForms::detach, MailboxForms::detach),
        new Form<>(103, Mailbox.Acked.class, MailboxForms::acked, MailboxForms::acked),
        new Form<>(104, Mailbox.Rejected.class, MailboxForms::rejected, MailboxForms::rejected),
        new Form<>(105, Mailbox.Wake.class, MailboxForms::wake, MailboxForms::wake),
        new Form<>(106, Mailbox.Stop.class, MailboxForms::stop, MailboxForms::stop),
        new Form<>(107, Mailbox.Waiting.class, MailboxForms::waiting, MailboxForms::waiting),
        new Form<>(108, Mailbox.Letters.class, MailboxForms::letters, MailboxForms::letters),
        new Form<>(109, Mailbox.AckTaken.class, MailboxForms::ackTaken, MailboxForms::ackTaken),
        new Form<>(110, Mailbox.Withdrawn.class, MailboxForms::withdrawn, MailboxForms::withdrawn),
        new Form<>(
            111,
            HandOver.WrittenLetter.class,
            MailboxForms::writtenLetter,
            MailboxForms::writtenLetter),
        new Form<>(112, HandOver.Unposted.class, MailboxForms::unposted, MailboxForms::unposted),
        new Form<>(113, Peer.Knock.class, PeerForms::knock, PeerForms::knock));
  }

  private CrossingTable() {}
}
