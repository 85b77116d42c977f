package io.peerhub.identity;

import io.peerhub.protocol.Address;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that speak of one peer, sorted by verb. Immutable, and shared by all peers of which the
 * same rules speak.
 */
final class Grants {
  /** What the rules say about one verb before the target is known. */
  private enum Tendency {
    ALWAYS,
    NEVER,
    DEPENDS
  }

  private record OfVerb(Tendency tendency, List<Target> allowed, List<Target> denied) {}

  private final boolean otherwise;
  private final Map<Verb, OfVerb> verbs = new EnumMap<>(Verb.class);

  /**
   * @param otherwise what holds where no rule speaks
   * @param self the sender's own name
   */
  Grants(boolean otherwise, List<Rule> rules, String self) {
    this.otherwise = otherwise;
    for (Verb verb : Verb.values()) {
      verbs.put(verb, ofVerb(verb, rules, self));
    }
  }

  private OfVerb ofVerb(Verb verb, List<Rule> rules, String self) {
    List<Target> allowed = new ArrayList<>();
    List<Target> denied = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.verbs().contains(verb)) {
        for (Target target : rule.to()) {
          if (target.fits(verb)) {
            (rule.allows() ? allowed : denied).add(target.withSelf(self));
          }
        }
      }
    }
    return new OfVerb(tendency(allowed, denied), List.copyOf(allowed), List.copyOf(denied));
  }

  private Tendency tendency(List<Target> allowed, List<Target> denied) {
    Target anything = new Target.Anything();
    if (denied.contains(anything)) {
      return Tendency.NEVER;
    }
    if (denied.isEmpty() && (otherwise || allowed.contains(anything))) {
      return Tendency.ALWAYS;
    }
    return allowed.isEmpty() && !otherwise ? Tendency.NEVER : Tendency.DEPENDS;
  }

  /** Whether the target makes a difference. */
  boolean depends(Verb verb) {
    return verbs.get(verb).tendency == Tendency.DEPENDS;
  }

  boolean allow(Verb verb, Address address) {
    OfVerb rules = verbs.get(verb);
    return switch (rules.tendency) {
      case ALWAYS -> true;
      case NEVER -> false;
      case DEPENDS -> decide(rules, address);
    };
  }

  private boolean decide(OfVerb rules, Address address) {
    for (Target denied : rules.denied) {
      if (denied.touches(address)) {
        return false;
      }
    }
    for (Target allowed : rules.allowed) {
      if (allowed.covers(address)) {
        return true;
      }
    }
    return otherwise;
  }
}
