package io.peerhub.identity;

import io.peerhub.protocol.Identity;

/**
 * One part of a name as a rule writes it: a literal in which {@code *} stands for any characters,
 * also for none. Only rules have globs; what comes from a wire is compared as the literal that it
 * is. Matching is a walk without recursion: its time is at most the product of both lengths.
 */
record Glob(String text) {
  static final Glob ANY = new Glob("*");

  /** Stands for the name of the sender itself, which no name can be mistaken for. */
  static final String SELF = "~";

  /**
   * @throws IllegalArgumentException if a name that matches is out of the grammar of names
   */
  Glob {
    boolean valid =
        text.equals(SELF) || Identity.isPart(text.replace('*', '.')) && !text.contains("**");
    if (!valid) {
      throw new IllegalArgumentException("\"" + text + "\" is no name, with or without *");
    }
  }

  boolean isAny() {
    return text.equals("*");
  }

  boolean isSelf() {
    return text.equals(SELF);
  }

  Glob withSelf(String name) {
    return isSelf() ? new Glob(name) : this;
  }

  boolean matches(String name) {
    return matches(text, name);
  }

  static boolean matches(String glob, String name) {
    int g = 0;
    int n = 0;
    // Where to go on if what follows the last star does not fit: one character further.
    int star = -1;
    int retry = 0;
    while (n < name.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        retry = n;
      } else if (g < glob.length() && glob.charAt(g) == name.charAt(n)) {
        g++;
        n++;
      } else if (star >= 0) {
        g = star + 1;
        n = ++retry;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
