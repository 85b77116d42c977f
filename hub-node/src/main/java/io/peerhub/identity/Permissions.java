package io.peerhub.identity;

import io.peerhub.protocol.Identity;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may do what to whom: the rules of the settings, held against identities and device labels.
 * Pure, safe for any thread.
 *
 * <p>A rule that denies beats every rule that allows, whatever their order; where no rule speaks
 * the default holds. {@code NAME/*} as an address is allowed by a rule that covers the bare name
 * and every device, and denied by a rule that touches any of them.
 */
public final class Permissions {
  /**
   * Combinations of rules that are kept. There are few: one for each kind of peer. Past it a peer's
   * are made for itself alone.
   */
  private static final int SHARED_MAX = 256;

  private final boolean otherwise;
  private final List<Rule> rules;
  private final Map<BitSet, Rights> shared = new ConcurrentHashMap<>();

  /** The rules of these settings. */
  public Permissions(PermissionSettings settings) {
    this.otherwise = settings.allowsByDefault();
    this.rules = settings.rules().stream().map(Rule::parse).toList();
  }

  /**
   * What a peer may do, for the time of its session: a change of its labels counts from the next
   * one on.
   *
   * @param labels the labels of its device, as the store has them
   */
  public Rights of(Identity peer, Map<String, String> labels) {
    BitSet speaking = new BitSet(rules.size());
    boolean own = false;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.speaksOf(peer, labels)) {
        speaking.set(i);
        own |= rule.namesSelf();
      }
    }
    Rights known = own ? null : shared.get(speaking);
    if (known != null) {
      return known.again();
    }
    Rights rights =
        new Rights(
            new Grants(otherwise, speaking.stream().mapToObj(rules::get).toList(), peer.name()));
    if (!own && shared.size() < SHARED_MAX) {
      shared.put(speaking, rights.again());
    }
    return rights;
  }
}
