package io.peerhub.client;

import io.peerhub.protocol.BadFrame;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Refusal;
import io.peerhub.protocol.wire.HandshakeProof;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The opening of a connection: {@code hello}, where it is asked for {@code proof}, {@code welcome}.
 * With a key, both sides prove that they have it, or there is no connection; with a password or a
 * token it is the certificate of TLS that says who the hub is.
 */
final class Handshake {
  private final ClientSettings settings;
  private final Transport transport;
  private Optional<String> expectedMac = Optional.empty();

  Handshake(ClientSettings settings, Transport transport) {
    this.settings = settings;
    this.transport = transport;
  }

  /**
   * @return the welcome
   * @throws RefusedException if the hub says no, or cannot prove itself
   */
  Frame.Welcome open(Optional<Frame.Resume> resume) throws IOException, BadFrame {
    transport.write(List.of(hello(resume)));
    Frame.FromHub frame = transport.readOne();
    if (frame instanceof Frame.Challenge challenge) {
      prove(challenge);
      frame = transport.readOne();
    }
    if (frame instanceof Frame.Error error) {
      throw RefusedException.of(error);
    }
    if (!(frame instanceof Frame.Welcome welcome)) {
      throw new RefusedException(Refusal.WRONG_PHASE, frame.kind() + " in place of a welcome");
    }
    check(welcome);
    transport.limit(welcome.maxFrame());
    return welcome;
  }

  private Frame.Hello hello(Optional<Frame.Resume> resume) {
    String auth =
        switch (settings.credentials()) {
          case Credentials.None none -> "none";
          case Credentials.Hmac hmac -> "hmac";
          case Credentials.Password password -> "password";
          case Credentials.Token token -> "token";
        };
    return new Frame.Hello(
        1,
        settings.peer().text(),
        auth,
        settings.name(),
        resume,
        "client",
        settings.window(),
        (int) settings.heartbeat().toMillis(),
        List.of(),
        "",
        settings.info());
  }

  private void prove(Frame.Challenge challenge) throws IOException {
    switch (settings.credentials()) {
      case Credentials.None none ->
          throw new RefusedException(Refusal.METHOD_NOT_OFFERED, "the hub wants a proof");
      case Credentials.Hmac hmac -> {
        String nonce = HandshakeProof.nonce();
        String proof = mac(hmac, HandshakeProof.Side.PEER, challenge, nonce);
        expectedMac = Optional.of(mac(hmac, HandshakeProof.Side.HUB, challenge, nonce));
        transport.write(List.of(new Frame.Proof(nonce, proof, "", "")));
      }
      case Credentials.Password password -> tell(new Frame.Proof("", "", password.password(), ""));
      case Credentials.Token token -> tell(new Frame.Proof("", "", "", token.current().get()));
    }
  }

  /** A proof that is itself a secret goes nowhere where others read. */
  private void tell(Frame.Proof secret) throws IOException {
    if (!transport.isSecret()) {
      throw new RefusedException(
          Refusal.TLS_REQUIRED, "a password or token is not sent without TLS");
    }
    transport.write(List.of(secret));
  }

  private String mac(
      Credentials.Hmac hmac, HandshakeProof.Side side, Frame.Challenge challenge, String nonce) {
    return HandshakeProof.mac(hmac.key(), side, settings.peer().text(), challenge.nonce(), nonce);
  }

  /** A welcome without a challenge before it proves nothing either. */
  private void check(Frame.Welcome welcome) {
    boolean proven =
        !(settings.credentials() instanceof Credentials.Hmac)
            || expectedMac.filter(mac -> HandshakeProof.matches(mac, welcome.mac())).isPresent();
    if (!proven) {
      throw new RefusedException(
          Refusal.NOT_AUTHENTICATED, "the hub did not prove that it knows the key");
    }
  }
}
