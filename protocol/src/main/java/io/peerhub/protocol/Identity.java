package io.peerhub.protocol;

/**
 * Who a peer is: {@code name} or {@code name/device}.
 *
 * <p>Each part is {@code [A-Za-z0-9._@-]{1,128}}. An identity is a literal: no pattern ever matches
 * it, no other case folds to it, and two identities are equal if and only if their texts are.
 *
 * @param text the identity as it is written on the wire
 */
public record Identity(String text) implements Comparable<Identity> {
  /** The most characters that one part may have. */
  public static final int PART_MAX = 128;

  /**
   * @throws IllegalArgumentException if the text is out of grammar; input from the wire is asked
   *     about with {@link #isValid(String)} first
   */
  public Identity {
    if (!isValid(text)) {
      throw new IllegalArgumentException("not an identity");
    }
  }

  /** Whether a text is {@code name} or {@code name/device} in the grammar of the wire. */
  public static boolean isValid(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? isPart(text, 0, text.length())
        : isPart(text, 0, slash) && isPart(text, slash + 1, text.length());
  }

  /** Whether a text is one part: the grammar of the names of rooms and services too. */
  public static boolean isPart(String text) {
    return isPart(text, 0, text.length());
  }

  private static boolean isPart(String text, int from, int to) {
    if (to <= from || to - from > PART_MAX) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (!isNameCharacter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || c == '.'
        || c == '_'
        || c == '-'
        || c == '@';
  }

  /** The part before the slash, or all of it. */
  public String name() {
    int slash = text.indexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }

  /** The part behind the slash; empty for the bare name. */
  public String device() {
    int slash = text.indexOf('/');
    return slash < 0 ? "" : text.substring(slash + 1);
  }

  @Override
  public int compareTo(Identity other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
