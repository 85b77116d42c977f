package io.peerhub.routing;

import io.peerhub.mail.Seat;
import org.apache.pekko.actor.Address;

/**
 * One loop of one node.
 *
 * @param node the address of the node; without a host it is this one
 * @param loop the index of the loop there
 */
record LoopKey(Address node, int loop) {
  static LoopKey of(Seat seat) {
    return new LoopKey(seat.session().path().address(), seat.loop());
  }

  /** Whether this loop is gone too if the other one is: another node goes as a whole. */
  boolean goesWith(LoopKey other) {
    return equals(other) || (node.hasGlobalScope() && node.equals(other.node));
  }
}
