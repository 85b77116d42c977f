package io.peerhub.hub.crossing;

import io.peerhub.peer.Mail;
import io.peerhub.peer.Peer;
import io.peerhub.peer.Roster;
import io.peerhub.routing.LinkEndpoint;
import io.peerhub.routing.RouteNotice;
import io.peerhub.session.HandOver;
import java.util.List;

/**
 * Everything that may cross between nodes. A number is never given again, not even to the same
 * class after it was taken away; what is no longer sent stays until no version in use sends it.
 */
final class CrossingTable {
  /** The numbers below belong to Kryo itself. */
  static final int FIRST_ID = 16;

  /** Each form, by rising number. */
  static List<Form<?>> forms() {
    return List.of(
        new Form<>(16, Mail.Delivery.class, MailForms::delivery, MailForms::delivery),
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
        new Form<>(36, Peer.Standing.class, PeerForms::standing, PeerForms::standing),
        new Form<>(40, Roster.Call.class, RosterForms::call, RosterForms::call),
        new Form<>(41, Roster.Find.class, RosterForms::find, RosterForms::find),
        new Form<>(42, Roster.Browse.class, RosterForms::browse, RosterForms::browse),
        new Form<>(43, Roster.Present.class, RosterForms::present, RosterForms::present),
        new Form<>(44, Roster.Found.class, RosterForms::found, RosterForms::found),
        new Form<>(45, Roster.Page.class, RosterForms::page, RosterForms::page),
        new Form<>(48, HandOver.State.class, HandOverForms::state, HandOverForms::state),
        new Form<>(49, HandOver.Written.class, HandOverForms::written, HandOverForms::written),
        new Form<>(50, HandOver.Waiting.class, HandOverForms::waiting, HandOverForms::waiting),
        new Form<>(51, HandOver.End.class, HandOverForms::end, HandOverForms::end),
        new Form<>(56, LinkEndpoint.Packet.class, LinkForms::packet, LinkForms::packet),
        new Form<>(57, LinkEndpoint.Ack.class, LinkForms::ack, LinkForms::ack),
        new Form<>(58, LinkEndpoint.Missing.class, LinkForms::missing, LinkForms::missing),
        new Form<>(59, LinkEndpoint.Reset.class, LinkForms::reset, LinkForms::reset),
        new Form<>(60, RouteNotice.Moved.class, LinkForms::moved, LinkForms::moved),
        new Form<>(61, RouteNotice.Returned.class, LinkForms::returned, LinkForms::returned),
        new Form<>(62, RouteNotice.Drained.class, LinkForms::drained, LinkForms::drained),
        new Form<>(63, RouteNotice.Barrier.class, LinkForms::barrier, LinkForms::barrier));
  }

  private CrossingTable() {}
}
