package io.peerhub.room;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changed among a room's members and was not told yet: of each member the last state alone, so
 * that who comes and goes at once is not told of at all, and a flapping one once. Pure.
 */
final class Changes {
  /** Changes of one kind, told together. */
  record Batch(RoomEvent event, String reason, List<Frame.Member> members) {
    Batch {
      members = List.copyOf(members);
    }
  }

  private record Key(RoomEvent event, String reason) {}

  private record Change(Key key, Frame.Member member) {}

  private final Map<Identity, Change> pending = new LinkedHashMap<>();

  void add(Identity member, RoomEvent event, String reason, long since) {
    Change before = pending.remove(member);
    boolean undone =
        before != null
            && (before.key().event() == RoomEvent.ENTER && event == RoomEvent.LEAVE
                || before.key().event() == RoomEvent.AWAY && event == RoomEvent.BACK);
    if (undone) {
      return;
    }
    // Who has entered and is away by now was not told of yet: it enters.
    boolean entering = before != null && before.key().event() == RoomEvent.ENTER;
    RoomEvent told = entering && event != RoomEvent.LEAVE ? RoomEvent.ENTER : event;
    pending.put(
        member,
        new Change(new Key(told, reason), new Frame.Member(member.text(), since, Map.of())));
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Takes all of it, in the order in which the kinds first came. */
  List<Batch> take() {
    Map<Key, List<Frame.Member>> kinds = new LinkedHashMap<>();
    for (Change change : pending.values()) {
      kinds.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(change.member());
    }
    pending.clear();
    List<Batch> batches = new ArrayList<>();
    kinds.forEach((key, members) -> batches.add(new Batch(key.event(), key.reason(), members)));
    return batches;
  }

  void forget() {
    pending.clear();
  }
}
