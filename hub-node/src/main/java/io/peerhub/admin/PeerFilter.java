package io.peerhub.admin;

import java.util.Optional;

/**
 * Which peers somebody wants to see; what is not said lets everybody through.
 *
 * @param match an identity, in which a star at the end stands for any ending
 * @param wire the wire as lists have it
 * @param node the node's name
 */
record PeerFilter(Optional<String> match, Optional<String> wire, Optional<String> node) {
  /** A name is short: longer ones match nobody and need not be looked for. */
  private static final int TEXT_MAX = 256;

  static PeerFilter of(Call call) throws Page.BadCall {
    return new PeerFilter(text(call, "match"), text(call, "wire"), text(call, "node"));
  }

  private static Optional<String> text(Call call, String key) throws Page.BadCall {
    Optional<String> text = call.text(key);
    if (text.isPresent() && (text.get().isEmpty() || text.get().length() > TEXT_MAX)) {
      throw new Page.BadCall(key + " has 1 to " + TEXT_MAX + " characters.");
    }
    return text;
  }

  /** Whether it lets everybody through. */
  boolean isOpen() {
    return match.isEmpty() && wire.isEmpty() && node.isEmpty();
  }

  boolean lets(Rollcall.Line line) {
    return match.stream().allMatch(pattern -> fits(pattern, line.entry().identity().text()))
        && wire.stream().allMatch(line.entry().about()::equals)
        && node.stream().allMatch(line.node()::equals);
  }

  private static boolean fits(String pattern, String identity) {
    return pattern.endsWith("*")
        ? identity.startsWith(pattern.substring(0, pattern.length() - 1))
        : identity.equals(pattern);
  }
}
