package io.peerhub.identity.proof;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.KeyVault;
import io.peerhub.persistence.SealedKey;
import io.peerhub.persistence.SealedKey.Kind;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import io.peerhub.protocol.wire.HandshakeProof.Side;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * {@code hmac}: peer and hub show each other that they know one key, which is not told. The keys
 * come from a file, or from the devices of the store.
 */
public final class HmacProof implements Proving {
  private static final int KEYS_IN_ROTATION = 2;

  /** A key that nobody has, for what is missing. */
  private static final byte[] NOBODYS =
      HandshakeProof.nonce()
          .substring(0, HandshakeProof.KEY_MIN)
          .getBytes(StandardCharsets.US_ASCII);

  private interface Keys {
    CompletionStage<List<byte[]>> of(Identity identity, Optional<Device> device);
  }

  private final Keys keys;

  private HmacProof(Keys keys) {
    this.keys = keys;
  }

  /** With the keys of this source. */
  public static HmacProof of(KeySource source) {
    return new HmacProof((identity, device) -> source.keysOf(identity));
  }

  /**
   * With the keys of the devices.
   *
   * @param unopened hears of a device that has a key which does not open
   */
  public static HmacProof of(KeyVault vault, Consumer<Identity> unopened) {
    return new HmacProof(
        (identity, device) ->
            CompletableFuture.completedFuture(opened(vault, identity, device, unopened)));
  }

  private static List<byte[]> opened(
      KeyVault vault, Identity identity, Optional<Device> device, Consumer<Identity> unopened) {
    List<SealedKey> sealed = device.map(row -> row.keys(Kind.HMAC)).orElse(List.of());
    List<byte[]> opened = new ArrayList<>();
    for (SealedKey key : sealed) {
      vault.open(identity, key).ifPresentOrElse(opened::add, () -> unopened.accept(identity));
    }
    for (int missing = sealed.size(); missing < KEYS_IN_ROTATION; missing++) {
      vault.openNothing();
    }
    return opened;
  }

  @Override
  public boolean needsSecrecy() {
    return false;
  }

  @Override
  public CompletionStage<Finding> examine(Claim claim, Frame.Proof proof, Optional<Device> device) {
    return keys.of(claim.identity(), device)
        .thenApply(found -> judge(claim, proof, found))
        .exceptionally(away -> new Unable(Refusal.STORE_UNAVAILABLE));
  }

  private static Finding judge(Claim claim, Frame.Proof proof, List<byte[]> found) {
    // Always as many comparisons as an identity in rotation has keys, so that the time tells nobody
    // who exists: what is missing is compared with a key that nobody has.
    Finding finding = new Wrong();
    for (int i = 0; i < Math.max(KEYS_IN_ROTATION, found.size()); i++) {
      boolean real = i < found.size();
      byte[] key = real ? found.get(i) : NOBODYS;
      if (HandshakeProof.matches(mac(key, Side.PEER, claim, proof), proof.mac()) && real) {
        // Whoever wrote the key down for it has let it in.
        finding = new Right(mac(key, Side.HUB, claim, proof), Device.Status.APPROVED);
      }
    }
    return finding;
  }

  private static String mac(byte[] key, Side side, Claim claim, Frame.Proof proof) {
    return HandshakeProof.mac(key, side, claim.identity().text(), claim.nonce(), proof.nonce());
  }
}
