package io.peerhub.admin;

import io.peerhub.admin.Page.BadCall;
import io.peerhub.protocol.Identity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a page is told of a request: the part of the path that stands where its route has a name in
 * braces, and the query. Everything is checked as it is taken.
 *
 * @param named the part of the path, decoded; empty where the route names none
 */
record Call(String named, Map<String, List<String>> query) {
  /** The peer that the path names. */
  Identity identity() throws BadCall {
    if (!Identity.isValid(named)) {
      throw new BadCall("The path names no identity.");
    }
    return new Identity(named);
  }

  /** A parameter that may be left out; given twice it is wrong. */
  Optional<String> text(String key) throws BadCall {
    List<String> values = query.getOrDefault(key, List.of());
    if (values.size() > 1) {
      throw new BadCall(key + " is given once.");
    }
    return values.stream().findFirst();
  }

  /** A parameter that is an identity; empty if it is left out. */
  String identity(String key) throws BadCall {
    Optional<String> identity = text(key);
    if (identity.isPresent() && !Identity.isValid(identity.get())) {
      throw new BadCall(key + " is an identity.");
    }
    return identity.orElse("");
  }

  /** A parameter that is a whole number from 1 on. */
  int number(String key, int otherwise, int max) throws BadCall {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    // Digits alone, few enough for an int: Integer.parseInt would also take "+5" and other scripts.
    if (text.get().matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text.get());
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw new BadCall(key + " is a number from 1 to " + max + ".");
  }

  /** A parameter that is one of these, in lower case. */
  <E extends Enum<E>> Optional<E> constant(String key, Class<E> type) throws BadCall {
    Optional<String> text = text(key);
    for (E constant : type.getEnumConstants()) {
      if (text.isPresent() && text.get().equals(lower(constant))) {
        return Optional.of(constant);
      }
    }
    if (text.isPresent()) {
      List<String> all = Arrays.stream(type.getEnumConstants()).map(Call::lower).toList();
      throw new BadCall(key + " is one of " + String.join(", ", all) + ".");
    }
    return Optional.empty();
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
