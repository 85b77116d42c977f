package io.peerhub.identity;

import io.peerhub.protocol.Identity;
import java.util.Map;

/** The first half of a rule: whom it speaks of. */
sealed interface Subject {
  /** Whether it speaks of a peer of this identity with these labels. */
  boolean includes(Identity peer, Map<String, String> labels);

  /** By identity. */
  record Named(Pattern pattern) implements Subject {
    @Override
    public boolean includes(Identity peer, Map<String, String> labels) {
      return pattern.matches(peer);
    }
  }

  /** By a label of its device. */
  record Labelled(String label, String glob) implements Subject {
    @Override
    public boolean includes(Identity peer, Map<String, String> labels) {
      String value = labels.get(label);
      return value != null && Glob.matches(glob, value);
    }
  }

  /** Reads {@code LABEL=VALUE} or a pattern of identities. */
  static Subject parse(String text) {
    // No name has an equals sign.
    int equals = text.indexOf('=');
    if (equals < 0) {
      return new Named(Pattern.parse(text));
    }
    if (equals == 0 || equals == text.length() - 1) {
      throw new IllegalArgumentException("\"" + text + "\" is not LABEL=VALUE");
    }
    return new Labelled(text.substring(0, equals), text.substring(equals + 1));
  }
}
