package io.peerhub.identity;

import io.peerhub.protocol.Address;

/**
 * What one peer may do to others, fixed at its {@code welcome}. For the thread of its session.
 *
 * <p>What is asked for a message, {@link #maySend}, is remembered by target in a table of fixed
 * size: on a hit it is one comparison, and it allocates nothing but the table, once, for a peer
 * whose rights depend on the target at all.
 */
public final class Rights {
  /** Slots of the table; two targets of one slot push each other out. */
  private static final int SLOTS = Long.SIZE;

  private final Grants grants;
  private String[] remembered;

  /** Of each slot, whether it is allowed, as one bit. */
  private long allowed;

  Rights(Grants grants) {
    this.grants = grants;
  }

  /** The same rights for another peer: one that remembers nothing may be shared. */
  Rights again() {
    return remembers() ? new Rights(grants) : this;
  }

  private boolean remembers() {
    return grants.depends(Verb.SEND) || grants.depends(Verb.BROADCAST);
  }

  /**
   * Whether a message to this address is allowed; one to everybody is a broadcast.
   *
   * @param to the address as it was written
   */
  public boolean maySend(String to, Address address) {
    Verb verb = address instanceof Address.Everybody ? Verb.BROADCAST : Verb.SEND;
    if (!grants.depends(verb)) {
      return grants.allow(verb, address);
    }
    if (remembered == null) {
      remembered = new String[SLOTS];
    }
    int hash = to.hashCode();
    int slot = (hash ^ hash >>> 16) & SLOTS - 1;
    if (to.equals(remembered[slot])) {
      return (allowed >>> slot & 1) != 0;
    }
    boolean may = grants.allow(verb, address);
    remembered[slot] = to;
    allowed = may ? allowed | 1L << slot : allowed & ~(1L << slot);
    return may;
  }

  /** Whether it may ask who is there. */
  public boolean mayAsk(Address address) {
    return grants.allow(Verb.ASK, address);
  }

  /** Whether it may become a member of the room. */
  public boolean mayJoin(Address.Room room) {
    return grants.allow(Verb.JOIN, room);
  }

  /** Whether it may take messages for the service. */
  public boolean mayServe(Address.Service service) {
    return grants.allow(Verb.SERVE, service);
  }
}
