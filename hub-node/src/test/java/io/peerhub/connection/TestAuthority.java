package io.peerhub.connection;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test, and what it issues: made when they are needed, never kept. */
final class TestAuthority {
  private static final Duration DAY = Duration.ofDays(1);
  private static final AtomicLong SERIALS = new AtomicLong(1);

  /** A certificate with its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {
    Path writeCertificate(Path file) throws Exception {
      return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    Path writeKey(Path file) throws IOException {
      return Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()));
    }
  }

  final Issued own;

  private TestAuthority(Issued own) {
    this.own = own;
  }

  static TestAuthority named(String name) throws Exception {
    KeyPair keys = keys();
    Instant now = Instant.now();
    return new TestAuthority(
        make(name, keys, name, keys.getPrivate(), now.minus(DAY), now.plus(DAY), true));
  }

  /** A certificate that is good today. */
  Issued issue(String name) throws Exception {
    return issue(name, Instant.now().minus(DAY), Instant.now().plus(DAY));
  }

  Issued issue(String name, Instant from, Instant until) throws Exception {
    String issuer = own.certificate().getSubjectX500Principal().getName().substring(3);
    return make(name, keys(), issuer, own.key(), from, until, false);
  }

  Issued expired(String name) throws Exception {
    return issue(name, Instant.now().minus(DAY), Instant.now().minus(Duration.ofHours(1)));
  }

  /** A certificate that nobody vouches for. */
  static Issued selfSigned(String name) throws Exception {
    KeyPair keys = keys();
    Instant now = Instant.now();
    return make(name, keys, name, keys.getPrivate(), now.minus(DAY), now.plus(DAY), false);
  }

  /** The list of what is revoked. */
  Path writeRevoked(Path file, Instant nextUpdate, Issued... revoked) throws Exception {
    Instant made = nextUpdate.minus(DAY);
    JcaX509v2CRLBuilder list =
        new JcaX509v2CRLBuilder(own.certificate().getSubjectX500Principal(), Date.from(made));
    list.setNextUpdate(Date.from(nextUpdate));
    for (Issued each : revoked) {
      list.addCRLEntry(each.certificate().getSerialNumber(), Date.from(made), 1);
    }
    byte[] encoded = list.build(signer(own.key())).getEncoded();
    return Files.writeString(file, pem("X509 CRL", encoded));
  }

  /** The other end of TLS: trusts this authority, shows that certificate (null: none). */
  SSLContext client(Issued shown) throws Exception {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("authority", own.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore keys = empty();
    if (shown != null) {
      keys.setKeyEntry(
          "own", shown.key(), new char[0], new X509Certificate[] {shown.certificate()});
    }
    KeyManagerFactory key = KeyManagerFactory.getInstance("PKIX");
    key.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static Issued make(
      String name,
      KeyPair keys,
      String issuer,
      PrivateKey signing,
      Instant from,
      Instant until,
      boolean authority)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=" + issuer),
            BigInteger.valueOf(SERIALS.incrementAndGet()),
            Date.from(from),
            Date.from(until),
            new X500Principal("CN=" + name),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!authority) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
    }
    return new Issued(
        new JcaX509CertificateConverter().getCertificate(builder.build(signer(signing))),
        keys.getPrivate());
  }

  private static ContentSigner signer(PrivateKey key) throws Exception {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
  }

  static String pem(String what, byte[] bytes) {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }
}
