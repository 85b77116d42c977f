package io.peerhub.connection;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in files of certificates, keys and lists. No message repeats any of a key. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private Pem() {}

  /** The certificates of a file, the hub's own first; at least one. */
  static List<X509Certificate> certificates(byte[] bytes) throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        x509().generateCertificates(new ByteArrayInputStream(bytes));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in it");
    }
    return found.stream().map(X509Certificate.class::cast).toList();
  }

  /** The key of a file that fits to this certificate's kind. */
  static PrivateKey key(byte[] bytes, X509Certificate certificate) throws GeneralSecurityException {
    Matcher key = KEY.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    if (!key.find()) {
      throw new GeneralSecurityException(
          "there is no PRIVATE KEY in it: openssl pkcs8 -topk8 -nocrypt makes one of others");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
      return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (IllegalArgumentException | GeneralSecurityException wrong) {
      // Not its message, which may hold bytes of the key.
      throw new GeneralSecurityException(
          "it is no key for " + certificate.getPublicKey().getAlgorithm(), null);
    }
  }

  /** Lists of revoked certificates; at least one. */
  static Collection<? extends CRL> revoked(byte[] bytes) throws GeneralSecurityException {
    Collection<? extends CRL> found = x509().generateCRLs(new ByteArrayInputStream(bytes));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no list of revoked certificates in it");
    }
    return found;
  }

  private static CertificateFactory x509() throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509");
  }
}
