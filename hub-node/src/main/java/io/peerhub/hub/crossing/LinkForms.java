package io.peerhub.hub.crossing;

import io.peerhub.routing.LinkEndpoint;
import io.peerhub.routing.RouteNotice;

/** The forms of links themselves and of what one loop's routing tells another's. */
final class LinkForms {
  static void packet(CrossingWriter out, LinkEndpoint.Packet packet) {
    out.actor(packet.stamp().from());
    out.number(packet.stamp().link());
    out.number(packet.stamp().number());
    out.flag(packet.stamp().started());
    out.flag(packet.more());
    out.blob(packet.bytes());
  }

  static LinkEndpoint.Packet packet(CrossingReader in) {
    LinkEndpoint.Stamp stamp =
        new LinkEndpoint.Stamp(in.actor(), in.number(), in.number(), in.flag());
    return new LinkEndpoint.Packet(stamp, in.flag(), in.blob());
  }

  static void ack(CrossingWriter out, LinkEndpoint.Ack ack) {
    out.number(ack.link());
    out.actor(ack.by());
    out.number(ack.upTo());
  }

  static LinkEndpoint.Ack ack(CrossingReader in) {
    return new LinkEndpoint.Ack(in.number(), in.actor(), in.number());
  }

  static void missing(CrossingWriter out, LinkEndpoint.Missing missing) {
    out.number(missing.link());
    out.number(missing.number());
  }

  static LinkEndpoint.Missing missing(CrossingReader in) {
    return new LinkEndpoint.Missing(in.number(), in.number());
  }

  static void reset(CrossingWriter out, LinkEndpoint.Reset reset) {
    out.number(reset.link());
  }

  static LinkEndpoint.Reset reset(CrossingReader in) {
    return new LinkEndpoint.Reset(in.number());
  }

  static void moved(CrossingWriter out, RouteNotice.Moved moved) {
    out.identity(moved.identity());
    out.seat(moved.from());
    out.seat(moved.to());
    out.number(moved.epoch());
  }

  static RouteNotice.Moved moved(CrossingReader in) {
    return new RouteNotice.Moved(in.identity(), in.seat(), in.seat(), in.number());
  }

  static void returned(CrossingWriter out, RouteNotice.Returned returned) {
    MailForms.delivery(out, returned.delivery());
    out.actor(returned.at());
  }

  static RouteNotice.Returned returned(CrossingReader in) {
    return new RouteNotice.Returned(MailForms.delivery(in), in.actor());
  }

  static void drained(CrossingWriter out, RouteNotice.Drained drained) {
    out.number(drained.token());
  }

  static RouteNotice.Drained drained(CrossingReader in) {
    return new RouteNotice.Drained(in.number());
  }

  static void barrier(CrossingWriter out, RouteNotice.Barrier barrier) {
    out.number(barrier.token());
    out.actor(barrier.replyTo());
  }

  static RouteNotice.Barrier barrier(CrossingReader in) {
    return new RouteNotice.Barrier(in.number(), in.actor());
  }

  private LinkForms() {}
}
