package io.peerhub.hub;

import java.util.List;

/** What is no name: patterns, controls, look-alikes, paths, and what would end something. */
final class BadNames {
  static final List<String> ALL =
      List.of(
          "*",
          "#",
          "a*",
          "*/*",
          "a/**",
          "a/*/b",
          "a.>",
          "a,b",
          "a b",
          "a/",
          "/a",
          "a/b/c",
          "a//b",
          "%00",
          "a\u0000",
          "a\nb",
          "a\u0007",
          "\u001b[31mred",
          "\u0430lice",
          "ali\u0441e",
          "alice\u200b",
          "\u202eecila",
          "alice\u00a0",
          "\uff41lice",
          "\u00e4",
          "\ud83d\ude00",
          "a:b",
          "room:",
          "room:a/b",
          "service:*",
          "${jndi:ldap://x}",
          "' or 1=1 --",
          "a".repeat(129),
          "a/" + "b".repeat(129),
          "x".repeat(5000));

  private BadNames() {}
}
