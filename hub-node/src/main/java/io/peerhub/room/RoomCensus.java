package io.peerhub.room;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** The rooms whose actors are on this node, for lists and limits. Safe for any thread. */
public final class RoomCensus {
  /** A room and how many are in it. */
  public record Line(String room, int members) {}

  private final ConcurrentSkipListMap<String, Integer> rooms = new ConcurrentSkipListMap<>();

  /** So many are in it now. */
  public void count(String room, int members) {
    rooms.put(room, members);
  }

  /** It is not on this node any more. */
  public void forget(String room) {
    rooms.remove(room);
  }

  /** How many rooms there are; a walk through all of them. */
  public int size() {
    return rooms.size();
  }

  /** Some rooms in order of their names, behind this one. */
  public List<Line> after(String room, int limit) {
    List<Line> lines = new ArrayList<>();
    for (var entry : rooms.tailMap(room, false).entrySet()) {
      if (lines.size() == limit) {
        break;
      }
      lines.add(new Line(entry.getKey(), entry.getValue()));
    }
    return lines;
  }
}
