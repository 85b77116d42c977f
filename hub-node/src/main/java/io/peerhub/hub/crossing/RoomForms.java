package io.peerhub.hub.crossing;

import io.peerhub.protocol.Frame;
import io.peerhub.room.Room;
import io.peerhub.room.RoomEvent;
import io.peerhub.room.Step;

/** The forms of what is said to rooms and by them. */
final class RoomForms {
  private static final Step[] STEPS = Step.values();
  private static final RoomEvent[] EVENTS = RoomEvent.values();

  static void resolve(CrossingWriter out, Room.Resolve resolve) {
    out.text(resolve.room());
    out.actor(resolve.replyTo());
  }

  static Room.Resolve resolve(CrossingReader in) {
    return new Room.Resolve(in.text(), in.actor());
  }

  static void publish(CrossingWriter out, Room.Publish publish) {
    out.seat(publish.hall());
    MailForms.delivery(out, publish.message());
  }

  static Room.Publish publish(CrossingReader in) {
    return new Room.Publish(in.seat(), MailForms.deliverySince(2, in));
  }

  static void join(CrossingWriter out, Room.Join join) {
    out.seat(join.hall());
    out.identity(join.member());
    out.seat(join.session());
    out.count(join.round());
    out.count(join.history());
    out.number(join.since());
    out.flag(join.away());
    out.text(join.id());
  }

  static Room.Join join(CrossingReader in) {
    return new Room.Join(
        in.seat(),
        in.identity(),
        in.seat(),
        in.count(),
        in.count(),
        in.number(),
        in.flag(),
        in.text());
  }

  static void turn(CrossingWriter out, Room.Turn turn) {
    out.identity(turn.member());
    out.seat(turn.session());
    out.constant(turn.step());
  }

  static Room.Turn turn(CrossingReader in) {
    return new Room.Turn(in.identity(), in.seat(), in.constant(STEPS));
  }

  static void report(CrossingWriter out, Room.Report report) {
    out.seat(report.hall());
    out.list(report.members(), RoomForms::reported);
    out.number(report.heard());
  }

  static Room.Report report(CrossingReader in) {
    return new Room.Report(in.seat(), in.list(RoomForms::reported), in.number());
  }

  private static void reported(CrossingWriter out, Room.Reported member) {
    out.identity(member.member());
    out.seat(member.session());
    out.number(member.since());
    out.flag(member.away());
  }

  private static Room.Reported reported(CrossingReader in) {
    return new Room.Reported(in.identity(), in.seat(), in.number(), in.flag());
  }

  static void heard(CrossingWriter out, Room.Heard heard) {
    out.seat(heard.hall());
    out.number(heard.bytes());
  }

  static Room.Heard heard(CrossingReader in) {
    return new Room.Heard(in.seat(), in.number());
  }

  static void ask(CrossingWriter out, Room.Ask ask) {
    out.seat(ask.hall());
    out.seat(ask.session());
    out.text(ask.id());
  }

  static Room.Ask ask(CrossingReader in) {
    return new Room.Ask(in.seat(), in.seat(), in.text());
  }

  static void stop(CrossingWriter out, Room.Stop stop) {
    // Nothing but that it is one.
  }

  static Room.Stop stop(CrossingReader in) {
    return new Room.Stop();
  }

  static void found(CrossingWriter out, Room.Found found) {
    out.text(found.room());
    out.actor(found.actor());
  }

  static Room.Found found(CrossingReader in) {
    return new Room.Found(in.text(), in.actor());
  }

  static void unavailable(CrossingWriter out, Room.Unavailable unavailable) {
    out.text(unavailable.room());
    MailForms.refusal(out, unavailable.refusal());
  }

  static Room.Unavailable unavailable(CrossingReader in) {
    return new Room.Unavailable(in.text(), MailForms.refusal(in));
  }

  static void members(CrossingWriter out, Room.Members members) {
    out.text(members.room());
    out.seat(members.session());
    out.list(members.members(), RoomForms::member);
    out.flag(members.more());
    out.text(members.id());
  }

  static Room.Members members(CrossingReader in) {
    return new Room.Members(in.text(), in.seat(), in.list(RoomForms::member), in.flag(), in.text());
  }

  private static void member(CrossingWriter out, Frame.Member member) {
    out.text(member.peer());
    out.number(member.since());
    out.texts(member.labels());
  }

  private static Frame.Member member(CrossingReader in) {
    return new Frame.Member(in.text(), in.number(), in.texts());
  }

  static void joined(CrossingWriter out, Room.Joined joined) {
    out.text(joined.room());
    out.seat(joined.session());
    out.count(joined.round());
    out.number(joined.at());
    out.flag(joined.whole());
  }

  static Room.Joined joined(CrossingReader in) {
    return new Room.Joined(in.text(), in.seat(), in.count(), in.number(), in.flag());
  }

  static void turned(CrossingWriter out, Room.Turned turned) {
    out.text(turned.room());
    out.seat(turned.session());
    MailForms.refusal(out, turned.refusal());
  }

  static Room.Turned turned(CrossingReader in) {
    return new Room.Turned(in.text(), in.seat(), MailForms.refusal(in));
  }

  static void replayed(CrossingWriter out, Room.Replayed replayed) {
    out.text(replayed.room());
    out.seat(replayed.session());
    MailForms.delivery(out, replayed.message());
  }

  static Room.Replayed replayed(CrossingReader in) {
    return new Room.Replayed(in.text(), in.seat(), MailForms.deliverySince(2, in));
  }

  /** Whether it is charged says something to this node alone, and does not cross. */
  static void copy(CrossingWriter out, Room.Copy copy) {
    out.text(copy.room());
    MailForms.delivery(out, copy.message());
    out.number(copy.missed());
  }

  static Room.Copy copy(CrossingReader in) {
    return new Room.Copy(in.text(), MailForms.deliverySince(2, in), in.number(), false);
  }

  static void changed(CrossingWriter out, Room.Changed changed) {
    out.text(changed.room());
    out.constant(changed.event());
    out.text(changed.reason());
    out.list(changed.members(), RoomForms::member);
  }

  static Room.Changed changed(CrossingReader in) {
    return new Room.Changed(in.text(), in.constant(EVENTS), in.text(), in.list(RoomForms::member));
  }

  static void taken(CrossingWriter out, Room.Taken taken) {
    out.text(taken.room());
    out.number(taken.bytes());
  }

  static Room.Taken taken(CrossingReader in) {
    return new Room.Taken(in.text(), in.number());
  }

  static void closing(CrossingWriter out, Room.Closing closing) {
    out.text(closing.room());
  }

  static Room.Closing closing(CrossingReader in) {
    return new Room.Closing(in.text());
  }

  private RoomForms() {}
}
