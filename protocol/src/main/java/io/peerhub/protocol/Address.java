package io.peerhub.protocol;

import java.util.Optional;

/** Where a message goes: the grammar of {@code to}, read once at the entrance. */
public sealed interface Address {
  /** One identity. */
  record Peer(Identity identity) implements Address {}

  /** {@code NAME/*}: the bare name and all of its devices that are connected. */
  record Devices(String name) implements Address {}

  /** {@code room:NAME}: every member. */
  record Room(String name) implements Address {}

  /** {@code service:NAME}: one member. */
  record Service(String name) implements Address {}

  /** {@code all:}: every connected peer. */
  record Everybody() implements Address {}

  /** Reads an address; empty if the text is out of grammar (the caller answers 1008). */
  static Optional<Address> parse(String text) {
    if (Identity.isValid(text)) {
      return Optional.of(new Peer(new Identity(text)));
    }
    if (text.equals("all:")) {
      return Optional.of(new Everybody());
    }
    if (text.startsWith("room:")) {
      return part(text.substring("room:".length())).map(Room::new);
    }
    if (text.startsWith("service:")) {
      return part(text.substring("service:".length())).map(Service::new);
    }
    if (text.endsWith("/*")) {
      return part(text.substring(0, text.length() - 2)).map(Devices::new);
    }
    return Optional.empty();
  }

  private static Optional<String> part(String text) {
    return Identity.isPart(text) ? Optional.of(text) : Optional.empty();
  }
}
