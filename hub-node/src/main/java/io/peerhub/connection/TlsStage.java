package io.peerhub.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS, where it is configured. The handshake's arithmetic runs on threads of its own: a thousand
 * peers that come back at once must not hold the messages of the others. Safe for any thread.
 *
 * <p>The files are read again when they change, and count from the next handshake on; connections
 * that are open keep what they agreed on. Files that are torn, wrong or gone leave the last good
 * ones in force, and the log says so once for each change that stands for two looks.
 */
final class TlsStage {
  /** Fatal, internal_error: what a peer is told before the first handshake message. */
  static final byte[] ALERT = {0x15, 3, 3, 0, 2, 2, 80};

  private static final Logger LOG = LoggerFactory.getLogger(TlsStage.class);
  private static final int THREADS = 2;

  /** They end when nobody shakes hands, so that closing has nobody to wait for. */
  private static final long THREAD_IDLE_SECONDS = 10;

  private final TlsSettings settings;
  private final Clock clock;
  final ThreadPoolExecutor arithmetic =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          THREAD_IDLE_SECONDS,
          TimeUnit.SECONDS,
          // Bounded by who is let in: a handshake has one task at a time, see handler().
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("hub-tls-", 0).factory());
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("hub-tls-files").factory());
  private TlsFiles lookedAt;

  /** Why the files last looked at are not in force; empty if they are. */
  private String judged = "";

  /** The same, or why they could not be read. */
  private String wrong = "";

  private boolean said;
  private volatile TlsCredentials credentials;

  private TlsStage(TlsSettings settings, Clock clock, TlsFiles files, TlsCredentials first) {
    this.settings = settings;
    this.clock = clock;
    this.lookedAt = files;
    this.credentials = first;
    arithmetic.allowCoreThreadTimeOut(true);
    warn(first);
    long every = settings.reloadEvery().toMillis();
    looking.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  /**
   * @throws IllegalArgumentException if the files cannot be used; says which and why
   */
  static TlsStage from(TlsSettings settings, Clock clock) {
    try {
      TlsFiles files = TlsFiles.read(settings);
      return new TlsStage(settings, clock, files, TlsCredentials.of(files, settings));
    } catch (IOException | GeneralSecurityException wrong) {
      throw new IllegalArgumentException("cannot speak TLS: " + reason(wrong), wrong);
    }
  }

  /**
   * The stage of one connection that begins TLS; empty if so many handshakes wait for a processor
   * that it would not come to its turn in time.
   */
  Optional<SslHandler> handler(Channel channel) {
    if (arithmetic.getQueue().size() >= settings.waitingMax()) {
      return Optional.empty();
    }
    SslHandler handler = credentials.context().newHandler(channel.alloc(), arithmetic);
    handler.setCumulator(ReadBuffers.COPYING);
    handler.setHandshakeTimeoutMillis(settings.handshakeTimeout().toMillis());
    return Optional.of(handler);
  }

  void close() {
    // Handshakes that have begun go on: their connections are not the port's to end.
    looking.shutdownNow();
  }

  /**
   * What is wrong is said when it is still so at the next look: whoever replaces two files is
   * between them for a moment, and that is no reason to wake anybody.
   */
  void look() {
    String found = verdict();
    if (!found.equals(wrong)) {
      wrong = found;
      said = false;
    } else if (!wrong.isEmpty() && !said) {
      said = true;
      LOG.error("the TLS files cannot be used, the last good ones hold: {}", wrong);
    }
  }

  /** Empty if the files as they are now are in force. */
  private String verdict() {
    try {
      TlsFiles found = TlsFiles.read(settings);
      if (!found.sameAs(lookedAt)) {
        lookedAt = found;
        said = false;
        judged = replace(found);
      }
      return judged;
    } catch (IOException gone) {
      return reason(gone);
    }
  }

  private String replace(TlsFiles files) {
    TlsCredentials found;
    try {
      found = TlsCredentials.of(files, settings);
    } catch (GeneralSecurityException | RuntimeException bad) {
      return reason(bad);
    }
    Instant now = clock.instant();
    if (found.isExpired(now) && !credentials.isExpired(now)) {
      return "the new certificate has expired already";
    }
    credentials = found;
    LOG.info(
        "TLS files read again: {}, valid until {}",
        found.certificate().getSubjectX500Principal(),
        found.certificate().getNotAfter().toInstant());
    warn(found);
    return "";
  }

  private void warn(TlsCredentials used) {
    if (used.isExpired(clock.instant())) {
      LOG.error(
          "the TLS certificate has expired on {}: peers that look will not come",
          used.certificate().getNotAfter().toInstant());
    }
    if (used.listsAreOld(clock.instant())) {
      LOG.error("the list of revoked certificates is out of date: no peer's certificate is taken");
    }
  }

  private static String reason(Exception wrong) {
    return wrong instanceof GeneralSecurityException ? wrong.getMessage() : wrong.toString();
  }
}
