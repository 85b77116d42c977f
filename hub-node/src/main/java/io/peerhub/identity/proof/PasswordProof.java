package io.peerhub.identity.proof;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.KeyVault;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * {@code password}: a password whose hash the device has, sealed like a key. One hash is made for
 * each proof, of a device that there is or of nobody; its cost for a stranger is that of the
 * settings, so a password that was set under others is set again.
 */
public final class PasswordProof implements Proving {
  private final KeyVault vault;
  private final ProofWorkers workers;
  private final Consumer<Identity> unopened;
  private final PasswordHash nobodys;

  /**
   * @param unopened hears of a device whose hash does not open
   */
  public PasswordProof(
      KeyVault vault, PasswordSettings cost, ProofWorkers workers, Consumer<Identity> unopened) {
    this.vault = vault;
    this.workers = workers;
    this.unopened = unopened;
    this.nobodys = PasswordHash.of("", cost);
  }

  @Override
  public boolean needsSecrecy() {
    return true;
  }

  @Override
  public CompletionStage<Finding> examine(Claim claim, Frame.Proof proof, Optional<Device> device) {
    return workers.examine(() -> judge(claim, proof.password(), device));
  }

  private Finding judge(Claim claim, String password, Optional<Device> device) {
    Optional<PasswordHash> hash =
        device
            .flatMap(found -> found.keys(Kind.PASSWORD).stream().findFirst())
            .flatMap(key -> opened(claim.identity(), key));
    boolean right = hash.orElse(nobodys).matches(password);
    return right && hash.isPresent() && !password.isEmpty()
        ? new Right("", Device.Status.PENDING)
        : new Wrong();
  }

  private Optional<PasswordHash> opened(Identity identity, SealedKey key) {
    Optional<byte[]> text = vault.open(identity, key);
    if (text.isEmpty()) {
      unopened.accept(identity);
    }
    return text.flatMap(bytes -> PasswordHash.parse(new String(bytes, StandardCharsets.US_ASCII)));
  }
}
