package io.peerhub.connection;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the hub shows to peers and asks of them, made of one reading of the files: a certificate and
 * the key that was proven to be its own, and the rules for the peers' certificates.
 *
 * @param certificate the hub's own, for the log
 * @param listsUntil when the first list of revoked certificates is out of date; null without any
 */
record TlsCredentials(SslContext context, X509Certificate certificate, Instant listsUntil) {

  /**
   * @throws GeneralSecurityException if the files do not belong together, or are none; says which
   */
  static TlsCredentials of(TlsFiles files, TlsSettings settings) throws GeneralSecurityException {
    List<X509Certificate> chain =
        in(settings.certificate(), () -> Pem.certificates(files.certificate));
    X509Certificate own = chain.getFirst();
    PrivateKey key = in(settings.key(), () -> Pem.key(files.key, own));
    if (!belongTogether(key, own)) {
      throw new GeneralSecurityException(
          settings.key() + " is not the key of " + settings.certificate());
    }
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols(settings.protocols());
    Instant listsUntil = askPeers(builder, files, settings.clients());
    try {
      return new TlsCredentials(builder.build(), own, listsUntil);
    } catch (SSLException | IllegalArgumentException wrong) {
      throw new GeneralSecurityException(
          "cannot use " + settings.certificate() + " with " + settings.key(), wrong);
    }
  }

  boolean isExpired(Instant now) {
    return certificate.getNotAfter().toInstant().isBefore(now);
  }

  /** From then on no certificate of a peer is taken any more, since none is known to be good. */
  boolean listsAreOld(Instant now) {
    return listsUntil != null && listsUntil.isBefore(now);
  }

  /** A pair may be torn: one file replaced, the other not yet. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    try {
      return signature.verify(signed);
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private static Instant askPeers(
      SslContextBuilder builder, TlsFiles files, TlsSettings.Clients clients)
      throws GeneralSecurityException {
    if (clients.auth() == TlsSettings.ClientAuth.NONE) {
      return null;
    }
    builder.clientAuth(
        clients.auth() == TlsSettings.ClientAuth.REQUIRED
            ? ClientAuth.REQUIRE
            : ClientAuth.OPTIONAL);
    List<X509Certificate> authorities =
        in(clients.authorities().orElseThrow(), () -> Pem.certificates(files.authorities));
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(
            authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet()),
            new X509CertSelector());
    parameters.setRevocationEnabled(false);
    Instant listsUntil = files.revoked == null ? null : consult(parameters, files, clients);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(parameters));
    builder.trustManager(trust);
    return listsUntil;
  }

  /** From the lists in the file and nowhere else: no certificate makes the hub dial out. */
  private static Instant consult(
      PKIXBuilderParameters parameters, TlsFiles files, TlsSettings.Clients clients)
      throws GeneralSecurityException {
    Collection<X509CRL> lists =
        in(clients.revoked().orElseThrow(), () -> Pem.revoked(files.revoked)).stream()
            .map(X509CRL.class::cast)
            .toList();
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    return lists.stream()
        .filter(list -> list.getNextUpdate() != null)
        .map(list -> list.getNextUpdate().toInstant())
        .min(Instant::compareTo)
        .orElse(null);
  }

  private interface Reading<T> {
    T read() throws GeneralSecurityException;
  }

  private static <T> T in(Path file, Reading<T> reading) throws GeneralSecurityException {
    try {
      return reading.read();
    } catch (GeneralSecurityException wrong) {
      throw new GeneralSecurityException(file + ": " + wrong.getMessage(), wrong);
    }
  }
}
