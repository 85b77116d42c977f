package io.peerhub.identity.proof;

import io.peerhub.identity.device.Device;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A method by which peers prove who they are. Safe for any thread, and never blocks its caller.
 *
 * <p>What it does takes the same work whether there is such a device or not, and whatever is wrong
 * with a proof.
 */
public interface Proving {
  /**
   * What is to be proven.
   *
   * @param nonce the hub's, as it was sent to this connection alone
   */
  record Claim(Identity identity, Caller caller, String nonce) {}

  /** What a proof is worth, whoever the device is. */
  sealed interface Finding {}

  /**
   * It is the one.
   *
   * @param hubMac the hub's own proof; empty where the method has none
   * @param ifNew what becomes of a device that the store does not know
   */
  record Right(String hubMac, Device.Status ifNew) implements Finding {}

  /** It is not. */
  record Wrong() implements Finding {}

  /** That cannot be found out now. */
  record Unable(Refusal refusal) implements Finding {}

  /** Whether the proof is itself a secret, which must not travel where others read. */
  boolean needsSecrecy();

  /**
   * Judges a proof.
   *
   * @param device what is known of the device; empty if there is none
   */
  CompletionStage<Finding> examine(Claim claim, Frame.Proof proof, Optional<Device> device);
}
