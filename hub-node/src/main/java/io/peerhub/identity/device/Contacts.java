package io.peerhub.identity.device;

import io.peerhub.persistence.Contact;
import io.peerhub.protocol.Identity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was let in, on its way to the store: gathered, the last contact of each identity, and written
 * down together every now and then by a thread of its own.
 *
 * <p>Best effort: what the store does not take waits, at most so many identities; past that, and in
 * a crash of the node, a contact is lost, and the next one of that device says it again. No
 * handshake and no message waits for any of it.
 */
public final class Contacts implements AutoCloseable {
  private static final int BATCH_MAX = 500;
  private static final Logger LOG = LoggerFactory.getLogger(Contacts.class);

  /** Where they are written; waits for it. */
  public interface Book {
    void record(Collection<Contact> contacts) throws SQLException;
  }

  private final Book book;
  private final DeviceSettings settings;
  private final Map<Identity, Contact> waiting = new LinkedHashMap<>();
  private final Thread writer = Thread.ofVirtual().name("contacts").unstarted(this::write);
  private boolean closed;
  private boolean failing;

  private Contacts(Book book, DeviceSettings settings) {
    this.book = book;
    this.settings = settings;
  }

  /** Begins to write. */
  public static Contacts start(Book book, DeviceSettings settings) {
    Contacts contacts = new Contacts(book, settings);
    contacts.writer.start();
    return contacts;
  }

  /** Takes note; returns at once. */
  public synchronized void note(Contact contact) {
    if (waiting.size() < settings.contactsWaitingMax() || waiting.containsKey(contact.identity())) {
      waiting.put(contact.identity(), contact);
      notifyAll();
    }
  }

  /** Writes what waits, if the store takes it at once, and ends. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      writer.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      while (awaitWork()) {
        List<Contact> batch = next();
        boolean taken = record(batch);
        synchronized (this) {
          if (!taken && closed) {
            return;
          }
          if (!taken) {
            putBack(batch);
          }
          if (!taken || waiting.isEmpty()) {
            pause();
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when there is nothing left to do, ever. */
  private synchronized boolean awaitWork() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    return !waiting.isEmpty();
  }

  private synchronized List<Contact> next() {
    List<Contact> batch = new ArrayList<>();
    Iterator<Contact> all = waiting.values().iterator();
    while (all.hasNext() && batch.size() < BATCH_MAX) {
      batch.add(all.next());
      all.remove();
    }
    return batch;
  }

  /** As far as there is room: what came meanwhile is newer. */
  private void putBack(List<Contact> batch) {
    for (Contact contact : batch) {
      if (waiting.size() < settings.contactsWaitingMax()) {
        waiting.putIfAbsent(contact.identity(), contact);
      }
    }
  }

  private boolean record(List<Contact> batch) {
    try {
      book.record(batch);
      failing = false;
      return true;
    } catch (SQLException | RuntimeException away) {
      if (!failing) {
        failing = true;
        LOG.warn("when devices were seen cannot be written for now: {}", away.getMessage());
      }
      return false;
    }
  }

  /** Lets some gather, unless it is over. */
  private void pause() throws InterruptedException {
    long until = System.nanoTime() + settings.contactsEvery().toNanos();
    for (long left = until - System.nanoTime();
        left > 0 && !closed;
        left = until - System.nanoTime()) {
      wait(Math.max(1, left / 1_000_000));
    }
  }
}
