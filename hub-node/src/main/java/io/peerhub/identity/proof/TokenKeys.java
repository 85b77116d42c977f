package io.peerhub.identity.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of whoever signs tokens, in a file: a JWK set, of public keys, or of shared ones.
 *
 * <p>Each key says its algorithm, and serves that alone: what a token asks for can choose among
 * keys, never among the ways to use one. The file is looked at at most once a second, by whoever
 * asks, and read again when it has changed; one that has become wrong leaves the last good keys,
 * and says so in the log.
 */
public final class TokenKeys {
  private static final int KEYS_MAX = 32;
  private static final int FILE_MAX = 1 << 20;
  private static final int RSA_BITS_MIN = 2048;
  private static final long LOOK_AGAIN = 1_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);

  /**
   * One of them.
   *
   * @param id null where it has none
   */
  record TokenKey(String id, JWSAlgorithm algorithm, JWSVerifier verifier) {}

  private final Path file;
  private final LongSupplier nanos;
  private byte[] contents;
  private List<TokenKey> keys;
  private long lookedAt;
  private boolean wrong;

  /**
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a key cannot be used; says which one, never what it is
   */
  public TokenKeys(Path file, LongSupplier nanos) throws IOException {
    this.file = file;
    this.nanos = nanos;
    this.contents = read();
    this.keys = parse(new String(contents, StandardCharsets.UTF_8));
    this.lookedAt = nanos.getAsLong();
  }

  /** Those of now; may read the file. */
  synchronized List<TokenKey> current() {
    if (nanos.getAsLong() - lookedAt >= LOOK_AGAIN) {
      lookedAt = nanos.getAsLong();
      look();
    }
    return keys;
  }

  private void look() {
    try {
      byte[] now = read();
      if (!Arrays.equals(now, contents)) {
        keys = parse(new String(now, StandardCharsets.UTF_8));
        contents = now;
        LOG.info("{} keys of tokens read again", keys.size());
      }
      wrong = false;
    } catch (IOException | IllegalArgumentException bad) {
      if (!wrong) {
        wrong = true;
        LOG.error("the keys of tokens cannot be read, the last good ones hold: {}", reason(bad));
      }
    }
  }

  private static String reason(Exception bad) {
    return bad instanceof IllegalArgumentException ? bad.getMessage() : bad.toString();
  }

  private byte[] read() throws IOException {
    if (Files.size(file) > FILE_MAX) {
      throw new IOException(file + " is far too large for keys");
    }
    return Files.readAllBytes(file);
  }

  static List<TokenKey> parse(String text) {
    List<JWK> set;
    try {
      set = JWKSet.parse(text).getKeys();
    } catch (ParseException none) {
      // Its message may repeat what is in the file.
      throw new IllegalArgumentException("the file of token keys is no JWK set", null);
    }
    if (set.isEmpty() || set.size() > KEYS_MAX) {
      throw new IllegalArgumentException("the file of token keys has 1 to " + KEYS_MAX + " keys");
    }
    List<TokenKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JWK jwk : set) {
      if (jwk.getKeyID() != null && !ids.add(jwk.getKeyID())) {
        throw wrong(keys.size(), "has the id of another");
      }
      keys.add(key(jwk, keys.size()));
    }
    return List.copyOf(keys);
  }

  private static TokenKey key(JWK jwk, int index) {
    if (jwk.getAlgorithm() == null) {
      throw wrong(index, "names no algorithm (alg)");
    }
    if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
      throw wrong(index, "is not for signatures");
    }
    JWSAlgorithm algorithm = JWSAlgorithm.parse(jwk.getAlgorithm().getName());
    try {
      JWSVerifier verifier = verifier(jwk, index);
      if (!verifier.supportedJWSAlgorithms().contains(algorithm)) {
        throw wrong(index, "is no key of its algorithm");
      }
      return new TokenKey(jwk.getKeyID(), algorithm, verifier);
    } catch (JOSEException weak) {
      throw wrong(index, "cannot be used");
    }
  }

  private static JWSVerifier verifier(JWK jwk, int index) throws JOSEException {
    if (jwk instanceof OctetSequenceKey shared) {
      return new MACVerifier(shared);
    }
    if (jwk.isPrivate()) {
      throw wrong(index, "is a private key: the hub needs the public one");
    }
    if (jwk instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN) {
      return new RSASSAVerifier(rsa);
    }
    if (jwk instanceof ECKey ec) {
      return new ECDSAVerifier(ec);
    }
    throw wrong(index, "is neither RSA of 2048 bits and more, nor EC, nor shared (oct)");
  }

  private static IllegalArgumentException wrong(int index, String what) {
    return new IllegalArgumentException("token key " + (index + 1) + " " + what);
  }
}
