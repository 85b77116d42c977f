package io.peerhub.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client has counted since it was made, and what it holds now. The hub gets the same in
 * every {@code pong}.
 *
 * @param sent messages written, repeats included
 * @param received messages and receipts taken in
 * @param repeated messages that came twice and were handled once
 * @param rejected messages that the handler threw at
 * @param dropped messages of ours that the client dropped
 * @param lateAnswers answers that came after their request was given up
 * @param listenerFailures exceptions of the listener
 * @param connections handshakes that ended in a welcome
 * @param waiting messages that wait to be written
 * @param unanswered messages that are written and not yet settled
 * @param unhandled messages that wait for the handler
 */
public record ClientStats(
    long sent,
    long received,
    long repeated,
    long rejected,
    long dropped,
    long lateAnswers,
    long listenerFailures,
    long connections,
    int waiting,
    int unanswered,
    int unhandled) {
  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("sent", Long.toString(sent));
    map.put("received", Long.toString(received));
    map.put("repeated", Long.toString(repeated));
    map.put("rejected", Long.toString(rejected));
    map.put("dropped", Long.toString(dropped));
    map.put("late_answers", Long.toString(lateAnswers));
    map.put("listener_failures", Long.toString(listenerFailures));
    map.put("connections", Long.toString(connections));
    map.put("waiting", Integer.toString(waiting));
    map.put("unanswered", Integer.toString(unanswered));
    map.put("unhandled", Integer.toString(unhandled));
    return map;
  }
}
