package io.peerhub.identity;

import io.peerhub.protocol.Address;

/** The second half of a rule: to whom or to what. */
sealed interface Target {
  /** Whether a rule that allows this target allows the whole of the address. */
  boolean covers(Address address);

  /** Whether a rule that denies this target denies any of the address. */
  boolean touches(Address address);

  /** Whether this verb can be done to such a target. */
  boolean fits(Verb verb);

  /** Whether it depends on the sender's own name. */
  default boolean namesSelf() {
    return false;
  }

  /** The same for one sender. */
  default Target withSelf(String name) {
    return this;
  }

  /** Everything that there is. */
  record Anything() implements Target {
    @Override
    public boolean covers(Address address) {
      return true;
    }

    @Override
    public boolean touches(Address address) {
      return true;
    }

    @Override
    public boolean fits(Verb verb) {
      return true;
    }
  }

  /** Peers. */
  record Peers(Pattern pattern) implements Target {
    @Override
    public boolean covers(Address address) {
      return switch (address) {
        case Address.Peer peer -> pattern.matches(peer.identity());
        case Address.Devices devices -> pattern.matchesAllOf(devices.name());
        case Address.Room room -> false;
        case Address.Service service -> false;
        case Address.Everybody everybody -> false;
      };
    }

    @Override
    public boolean touches(Address address) {
      return address instanceof Address.Devices devices
          ? pattern.matchesSomeOf(devices.name())
          : covers(address);
    }

    @Override
    public boolean fits(Verb verb) {
      return verb == Verb.SEND || verb == Verb.ASK;
    }

    @Override
    public boolean namesSelf() {
      return pattern.namesSelf();
    }

    @Override
    public Target withSelf(String name) {
      return new Peers(pattern.withSelf(name));
    }
  }

  /** Rooms. */
  record Rooms(Glob name) implements Target {
    @Override
    public boolean covers(Address address) {
      return address instanceof Address.Room room && name.matches(room.name());
    }

    @Override
    public boolean touches(Address address) {
      return covers(address);
    }

    @Override
    public boolean fits(Verb verb) {
      return verb == Verb.SEND || verb == Verb.ASK || verb == Verb.JOIN;
    }

    @Override
    public boolean namesSelf() {
      return name.isSelf();
    }

    @Override
    public Target withSelf(String self) {
      return new Rooms(name.withSelf(self));
    }
  }

  /** Services. */
  record Services(Glob name) implements Target {
    @Override
    public boolean covers(Address address) {
      return address instanceof Address.Service service && name.matches(service.name());
    }

    @Override
    public boolean touches(Address address) {
      return covers(address);
    }

    @Override
    public boolean fits(Verb verb) {
      return verb == Verb.SEND || verb == Verb.SERVE;
    }

    @Override
    public boolean namesSelf() {
      return name.isSelf();
    }

    @Override
    public Target withSelf(String self) {
      return new Services(name.withSelf(self));
    }
  }

  /** Reads {@code *}, {@code room:NAME}, {@code service:NAME} or a pattern of identities. */
  static Target parse(String text) {
    if (text.equals("*")) {
      return new Anything();
    }
    if (text.startsWith("room:")) {
      return new Rooms(new Glob(text.substring("room:".length())));
    }
    if (text.startsWith("service:")) {
      return new Services(new Glob(text.substring("service:".length())));
    }
    return new Peers(Pattern.parse(text));
  }
}
