package io.peerhub.identity;

import io.peerhub.identity.Handshake.Proven;
import io.peerhub.identity.Handshake.Refused;
import io.peerhub.identity.Handshake.Verdict;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.Devices;
import io.peerhub.identity.proof.Caller;
import io.peerhub.identity.proof.Proving;
import io.peerhub.identity.proof.Proving.Claim;
import io.peerhub.identity.proof.Proving.Finding;
import io.peerhub.persistence.Contact;
import io.peerhub.persistence.DeviceRow;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * From a proof to a verdict: not too often, held against what is known, then against what the store
 * says, then whether the device may come in at all.
 *
 * <p>Whoever fails has cost one examination and one question to the store, whether there is such a
 * device or not and whether it was remembered or not, and hears of it at the end of a step of time.
 * What an operator has decided about a device is told to nobody who has not proven to be it.
 */
public final class Judge {
  private final Devices devices;
  private final Consumer<Contact> contacts;
  private final BackOff backOff;
  private final Duration step;
  private final LongSupplier nanos;
  private final Clock clock;

  /**
   * @param contacts hears of each device that was let in, or would be if it were approved
   * @param step what no answer to a wrong proof comes before, and all at a multiple of; may be zero
   */
  public Judge(
      Devices devices,
      Consumer<Contact> contacts,
      BackOff backOff,
      Duration step,
      LongSupplier nanos,
      Clock clock) {
    this.devices = devices;
    this.contacts = contacts;
    this.backOff = backOff;
    this.step = step;
    this.nanos = nanos;
    this.clock = clock;
  }

  CompletionStage<Verdict> judge(Proving method, Claim claim, Frame.Proof proof) {
    long began = nanos.getAsLong();
    String address = claim.caller().address();
    if (!backOff.mayTry(claim.identity(), address)) {
      int wait = backOff.waitMs(claim.identity(), address);
      return CompletableFuture.completedFuture(new Refused(Refusal.TOO_FAST, wait));
    }
    return examine(method, claim, proof)
        .exceptionally(away -> new Examined(unavailable(), Optional.empty()))
        .thenCompose(examined -> conclude(claim, examined, began));
  }

  /** What was found, and for which device. */
  private record Examined(Finding finding, Optional<Device> device) {}

  private CompletionStage<Examined> examine(Proving method, Claim claim, Frame.Proof proof) {
    Optional<Device> remembered = devices.remembered(claim.identity());
    if (remembered.isEmpty()) {
      return devices
          .load(claim.identity())
          .thenCompose(loaded -> examine(method, claim, proof, loaded));
    }
    return examine(method, claim, proof, remembered)
        .thenCompose(
            examined ->
                examined.finding() instanceof Proving.Wrong
                    ? examineAgain(method, claim, proof, examined)
                    : CompletableFuture.completedFuture(examined));
  }

  private static CompletionStage<Examined> examine(
      Proving method, Claim claim, Frame.Proof proof, Optional<Device> device) {
    return method.examine(claim, proof, device).thenApply(finding -> new Examined(finding, device));
  }

  /** What is remembered may be old: the key may be a new one. */
  private CompletionStage<Examined> examineAgain(
      Proving method, Claim claim, Frame.Proof proof, Examined before) {
    return devices
        .load(claim.identity())
        .thenCompose(
            loaded ->
                loaded.isPresent() && loaded.get().hasKeysOf(before.device().orElseThrow())
                    ? CompletableFuture.completedFuture(before)
                    : examine(method, claim, proof, loaded));
  }

  private CompletionStage<Verdict> conclude(Claim claim, Examined examined, long began) {
    String address = claim.caller().address();
    return switch (examined.finding()) {
      case Proving.Right right -> {
        backOff.proven(claim.identity(), address);
        yield CompletableFuture.completedFuture(admit(claim, right, examined.device()));
      }
      case Proving.Wrong wrong -> {
        backOff.failed(address);
        yield atTheEndOfAStep(new Refused(Refusal.NOT_AUTHENTICATED), began);
      }
      case Proving.Unable unable -> {
        backOff.excuse(claim.identity(), address);
        yield CompletableFuture.completedFuture(new Refused(unable.refusal()));
      }
    };
  }

  private static Finding unavailable() {
    return new Proving.Unable(Refusal.STORE_UNAVAILABLE);
  }

  private Verdict admit(Claim claim, Proving.Right right, Optional<Device> device) {
    Device.Status status = device.map(Device::status).orElse(right.ifNew());
    return switch (status) {
      case APPROVED -> {
        contacts.accept(contact(claim, right));
        yield new Proven(right.hubMac(), device.map(Device::labels).orElse(Map.of()));
      }
      case PENDING -> {
        contacts.accept(contact(claim, right));
        yield new Refused(Refusal.NOT_ALLOWED);
      }
      case DISABLED -> new Refused(Refusal.DISABLED);
    };
  }

  private Contact contact(Claim claim, Proving.Right right) {
    Caller caller = claim.caller();
    return new Contact(
        claim.identity(),
        clock.instant(),
        caller.address(),
        caller.client(),
        caller.version(),
        DeviceRow.Status.valueOf(right.ifNew().name()));
  }

  private CompletionStage<Verdict> atTheEndOfAStep(Verdict verdict, long began) {
    long length = step.toNanos();
    if (length == 0) {
      return CompletableFuture.completedFuture(verdict);
    }
    long left = length - (nanos.getAsLong() - began) % length;
    Executor then = CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, Runnable::run);
    return CompletableFuture.supplyAsync(() -> verdict, then);
  }
}
