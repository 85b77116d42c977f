package io.peerhub.identity;

import io.peerhub.protocol.Identity;

/**
 * Identities as a rule writes them.
 *
 * <pre>
 *   alice          the bare name
 *   alice/phone    this device
 *   alice/*        the bare name and all its devices, as on the wire
 *   gate-*         bare names that begin so; gate-*&#47;* with their devices
 *   *              everybody
 * </pre>
 *
 * @param device null where only the bare name is meant
 */
record Pattern(Glob name, Glob device) {
  static Pattern parse(String text) {
    int slash = text.indexOf('/');
    if (text.equals("*")) {
      return new Pattern(Glob.ANY, Glob.ANY);
    }
    return slash < 0
        ? new Pattern(new Glob(text), null)
        : new Pattern(new Glob(text.substring(0, slash)), new Glob(text.substring(slash + 1)));
  }

  boolean matches(Identity identity) {
    String text = identity.text();
    int slash = text.indexOf('/');
    if (slash < 0) {
      return (device == null || device.isAny()) && name.matches(text);
    }
    return device != null
        && device.matches(text.substring(slash + 1))
        && name.matches(text.substring(0, slash));
  }

  /** Whether it matches the bare name and whatever device there is or will be. */
  boolean matchesAllOf(String bareName) {
    return device != null && device.isAny() && name.matches(bareName);
  }

  /** Whether it matches at least one of these. */
  boolean matchesSomeOf(String bareName) {
    return name.matches(bareName);
  }

  boolean namesSelf() {
    return name.isSelf() || device != null && device.isSelf();
  }

  Pattern withSelf(String bareName) {
    return new Pattern(name.withSelf(bareName), device == null ? null : device.withSelf(bareName));
  }
}
