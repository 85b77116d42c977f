package io.peerhub.identity;

import io.peerhub.protocol.Identity;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One sentence about who may do what to whom: {@code allow|deny WHO VERBS [TO]}, where each of the
 * three is a list with commas.
 */
record Rule(boolean allows, List<Subject> who, Set<Verb> verbs, List<Target> to) {
  private static final String FORM = "allow|deny WHO VERBS TO";
  private static final String ALL = "*";

  /**
   * @throws IllegalArgumentException if it is none; says what is wrong with it
   */
  static Rule parse(String text) {
    String[] words = text.strip().split("\\s+");
    if (words.length < 3 || words.length > 4) {
      throw new IllegalArgumentException("it is not of the form " + FORM);
    }
    Set<Verb> verbs = verbs(words[2]);
    boolean nobodyInParticular = words.length == 3;
    if (nobodyInParticular && !verbs.equals(Set.of(Verb.BROADCAST))) {
      throw new IllegalArgumentException("it does not say to whom, as every verb but broadcast");
    }
    List<Target> to =
        nobodyInParticular
            ? List.of(new Target.Anything())
            : list(words[3]).stream().map(Target::parse).toList();
    for (Target target : to) {
      if (verbs.stream().noneMatch(target::fits)) {
        throw new IllegalArgumentException("nobody can " + words[2] + " " + words[3]);
      }
    }
    for (Verb verb : verbs) {
      if (!words[2].equals(ALL) && to.stream().noneMatch(target -> target.fits(verb))) {
        throw new IllegalArgumentException("nobody can " + verb.word() + " " + words[3]);
      }
    }
    return new Rule(
        isAllow(words[0]), list(words[1]).stream().map(Subject::parse).toList(), verbs, to);
  }

  boolean speaksOf(Identity peer, Map<String, String> labels) {
    return who.stream().anyMatch(subject -> subject.includes(peer, labels));
  }

  boolean namesSelf() {
    return to.stream().anyMatch(Target::namesSelf);
  }

  private static boolean isAllow(String word) {
    return switch (word) {
      case "allow" -> true;
      case "deny" -> false;
      default -> throw new IllegalArgumentException("it is not of the form " + FORM);
    };
  }

  private static Set<Verb> verbs(String word) {
    if (word.equals(ALL)) {
      return EnumSet.allOf(Verb.class);
    }
    Set<Verb> verbs = EnumSet.noneOf(Verb.class);
    for (String name : list(word)) {
      verbs.add(
          Arrays.stream(Verb.values())
              .filter(verb -> verb.word().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("there is no verb " + name)));
    }
    return verbs;
  }

  private static List<String> list(String word) {
    return List.of(word.split(",", -1));
  }
}
