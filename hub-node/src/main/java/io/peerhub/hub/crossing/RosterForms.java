package io.peerhub.hub.crossing;

import io.peerhub.cluster.Doors;
import io.peerhub.peer.Roster;

/** The forms of what rosters are asked and answer. */
final class RosterForms {
  static void call(CrossingWriter out, Roster.Call call) {
    out.identity(call.identity());
    out.actor(call.replyTo());
  }

  static Roster.Call call(CrossingReader in) {
    return new Roster.Call(in.identity(), in.actor());
  }

  static void find(CrossingWriter out, Roster.Find find) {
    out.text(find.name());
    out.actor(find.replyTo());
  }

  static Roster.Find find(CrossingReader in) {
    return new Roster.Find(in.text(), in.actor());
  }

  static void browse(CrossingWriter out, Roster.Browse browse) {
    out.text(browse.after());
    out.count(browse.limit());
    out.actor(browse.replyTo());
  }

  static Roster.Browse browse(CrossingReader in) {
    return new Roster.Browse(in.text(), in.count(), in.actor());
  }

  static void present(CrossingWriter out, Roster.Present present) {
    out.identity(present.identity());
    out.text(present.node());
    out.flag(present.entry() != null);
    if (present.entry() != null) {
      entry(out, present.entry());
    }
  }

  static Roster.Present present(CrossingReader in) {
    return new Roster.Present(in.identity(), in.text(), in.flag() ? entry(in) : null);
  }

  static void found(CrossingWriter out, Roster.Found found) {
    out.text(found.name());
    out.text(found.node());
    out.list(found.identities(), CrossingWriter::identity);
  }

  static Roster.Found found(CrossingReader in) {
    return new Roster.Found(in.text(), in.text(), in.list(CrossingReader::identity));
  }

  static void page(CrossingWriter out, Roster.Page page) {
    out.text(page.node());
    out.count(page.total());
    out.list(page.entries(), RosterForms::entry);
  }

  static Roster.Page page(CrossingReader in) {
    return new Roster.Page(in.text(), in.count(), in.list(RosterForms::entry));
  }

  static void door(CrossingWriter out, Doors.Door door) {
    out.text(door.node());
    out.text(door.address());
  }

  static Doors.Door door(CrossingReader in) {
    return new Doors.Door(in.text(), in.text());
  }

  private static void entry(CrossingWriter out, Roster.Entry entry) {
    out.identity(entry.identity());
    out.seat(entry.seat());
    out.text(entry.sessionId());
    out.number(entry.epoch());
    out.number(entry.since());
    out.text(entry.about());
  }

  private static Roster.Entry entry(CrossingReader in) {
    return new Roster.Entry(
        in.identity(), in.seat(), in.text(), in.number(), in.number(), in.text());
  }

  private RosterForms() {}
}
