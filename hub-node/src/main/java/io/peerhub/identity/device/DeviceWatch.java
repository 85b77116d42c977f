package io.peerhub.identity.device;

import io.peerhub.persistence.ChangeFeed;
import io.peerhub.persistence.DeviceRow;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what changes among the devices: lets the cache forget it, and says who is shut out from now
 * on, so that their sessions end.
 *
 * <p>Guaranteed: once somebody is named to the listener, {@link #isShutOut} says so as well, until
 * an operator lets the device in again; so a session that begins at that moment is caught by one of
 * the two. Of more than {@value #SHUT_OUT_MAX} only the first so many are known here; the others
 * are kept out by the store, at their next handshake.
 */
public final class DeviceWatch implements ChangeFeed.Reader {
  static final int SHUT_OUT_MAX = 100_000;
  private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);

  /** What has to be looked at again; waits for it. */
  public interface Store {
    Optional<DeviceRow> find(Identity identity) throws SQLException;

    /** Those that are shut out, at most so many. */
    List<Identity> disabled(int limit) throws SQLException;
  }

  private final Store store;
  private final Devices devices;
  private final Set<Identity> shutOut = ConcurrentHashMap.newKeySet();
  private volatile Consumer<List<Identity>> listener = none -> {};

  public DeviceWatch(Store store, Devices devices) {
    this.store = store;
    this.devices = devices;
  }

  /** From now on this is told who is shut out, on a thread that may wait. */
  public void tell(Consumer<List<Identity>> whom) {
    listener = whom;
  }

  /** Whether an operator has shut this identity out, as far as is known. */
  public boolean isShutOut(Identity identity) {
    return shutOut.contains(identity);
  }

  @Override
  public void changed(String what) {
    if (!Identity.isValid(what)) {
      LOG.warn("a change of a device that cannot be: written by hand?");
      return;
    }
    Identity identity = new Identity(what);
    devices.forget(identity);
    Optional<DeviceRow> row = ask(() -> store.find(identity));
    if (row.isPresent() && row.get().status() == DeviceRow.Status.DISABLED) {
      shutOut.add(identity);
      listener.accept(List.of(identity));
    } else {
      shutOut.remove(identity);
    }
  }

  @Override
  public void missed() {
    devices.forgetAll();
    List<Identity> disabled = ask(() -> store.disabled(SHUT_OUT_MAX));
    shutOut.addAll(disabled);
    shutOut.retainAll(Set.copyOf(disabled));
    if (!disabled.isEmpty()) {
      listener.accept(disabled);
    }
  }

  private interface Question<A> {
    A answer() throws SQLException;
  }

  /** A failure ends the feed's connection, and with the next one everything is asked again. */
  private static <A> A ask(Question<A> question) {
    try {
      return question.answer();
    } catch (SQLException away) {
      throw new IllegalStateException(
          "who is shut out cannot be asked: " + away.getMessage(), away);
    }
  }
}
