package io.peerhub.identity.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.peerhub.identity.device.Device;
import io.peerhub.identity.proof.TokenKeys.TokenKey;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * {@code token}: a signed JWT (RFC 7519) that says whose it is and for how long, by somebody whose
 * key is in the file.
 *
 * <p>Its subject is the identity as claimed, to the letter; it has an end; its audience is this
 * hub's. Keys that come with a token, and whatever else it points to, are never used. A session
 * that has begun goes on past the end of its token: whoever must go is shut out as a device.
 */
public final class TokenProof implements Proving {
  private final TokenKeys keys;
  private final TokenSettings settings;
  private final ProofWorkers workers;
  private final Clock clock;

  public TokenProof(TokenKeys keys, TokenSettings settings, ProofWorkers workers, Clock clock) {
    this.keys = keys;
    this.settings = settings;
    this.workers = workers;
    this.clock = clock;
  }

  @Override
  public boolean needsSecrecy() {
    return true;
  }

  @Override
  public CompletionStage<Finding> examine(Claim claim, Frame.Proof proof, Optional<Device> device) {
    return workers.examine(
        () ->
            isGood(proof.token(), claim.identity())
                ? new Right("", settings.firstContact())
                : new Wrong());
  }

  private boolean isGood(String token, Identity identity) {
    try {
      // Whoever signs nothing ("none") or encrypts is not even parsed.
      SignedJWT jwt = SignedJWT.parse(token);
      return isPlain(jwt.getHeader()) && isSigned(jwt) && says(jwt.getJWTClaimsSet(), identity);
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException no) {
      // What is wrong with it is nobody's business, and the message may repeat the token.
      return false;
    }
  }

  /** Nothing in it asks for more than this class does. */
  private static boolean isPlain(JWSHeader header) {
    boolean extended =
        header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()
            || !header.isBase64URLEncodePayload();
    String type = header.getType() == null ? "JWT" : header.getType().getType();
    return !extended && (type.equalsIgnoreCase("JWT") || type.equalsIgnoreCase("at+jwt"));
  }

  private boolean isSigned(SignedJWT jwt) throws JOSEException {
    JWSHeader header = jwt.getHeader();
    for (TokenKey key : keys.current()) {
      boolean meant = header.getKeyID() == null || header.getKeyID().equals(key.id());
      if (meant && key.algorithm().equals(header.getAlgorithm()) && jwt.verify(key.verifier())) {
        return true;
      }
    }
    return false;
  }

  private boolean says(JWTClaimsSet claims, Identity identity) {
    Instant now = clock.instant();
    Date end = claims.getExpirationTime();
    Date begin = claims.getNotBeforeTime();
    return identity.text().equals(claims.getSubject())
        && claims.getAudience().contains(settings.audience())
        && (settings.issuer().isEmpty() || settings.issuer().equals(claims.getIssuer()))
        && end != null
        && now.minus(settings.leeway()).isBefore(end.toInstant())
        && (begin == null || !now.plus(settings.leeway()).isBefore(begin.toInstant()));
  }
}
