package io.peerhub.persistence.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * How rows are written. All of a batch are one statement, and a statement by itself is one
 * transaction: one way to the server and back, its commit included. That matters: it is most of
 * what a sender waits for its confirmation.
 */
final class JournalStatement {
  private static final String WRITE =
      """
      with w as (
        select * from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[],
            ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
            ?::bigint[], ?::bigint[])
          as t (owner, seq, writer, at, event, needed, wake_at, pending, pending_bytes, owed, accepted,
            delivered, expired, rejected, dead)
      ), m as (
        update peerhub.mailbox b
           set head = w.seq, needed = w.needed, wake_at = nullif(w.wake_at, 0), pending = w.pending,
               pending_bytes = w.pending_bytes, owed = w.owed, accepted = w.accepted,
               delivered = w.delivered, expired = w.expired, rejected = w.rejected, dead = w.dead
          from w where b.owner = w.owner and b.head = w.seq - 1
        returning b.owner
      ), j as (
        insert into peerhub.journal (slot, owner, seq, writer, at, event)
        select ?, w.owner, w.seq, w.writer, w.at, w.event from w join m using (owner)
      ), k as (
        insert into peerhub.message (slot, key, owner, seq)
        select ?, x.key, x.owner, x.seq
          from unnest(?::bigint[], ?::text[], ?::bigint[]) as x (key, owner, seq) join m using (owner)
      )
      select owner from m
      """;

  private static final String IS_WRITTEN =
      "select 1 from peerhub.journal where owner = ? and seq = ? and writer = ?";

  private static final String SNAPSHOT =
      """
      insert into peerhub.snapshot (owner, seq, state) values (?, ?, ?)
      on conflict (owner) do update set seq = excluded.seq, state = excluded.state
      """;

  private static final String BURY =
      """
      insert into peerhub.dead_letter (owner, place, sender, id, fate, attempts, reason, at, letter)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String RAISE =
      "delete from peerhub.dead_letter where owner = ? and place = any (?)";

  private JournalStatement() {}

  /** Writes all whose row is the next one of their mailbox; says whose were. */
  static Set<String> write(Connection connection, int slot, List<JournalWrite> writes)
      throws SQLException {
    if (writes.stream().noneMatch(JournalWrite::hasExtras)) {
      return rows(connection, slot, writes);
    }
    connection.setAutoCommit(false);
    try {
      Set<String> moved = rows(connection, slot, writes);
      for (JournalWrite write : writes) {
        if (write.hasExtras() && moved.contains(write.owner())) {
          extras(connection, write);
        }
      }
      connection.commit();
      return moved;
    } catch (SQLException failure) {
      rollback(connection, failure);
      throw failure;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void rollback(Connection connection, SQLException failure) {
    try {
      connection.rollback();
    } catch (SQLException broken) {
      failure.addSuppressed(broken);
    }
  }

  private static Set<String> rows(Connection connection, int slot, List<JournalWrite> writes)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
      int i = 0;
      statement.setArray(++i, texts(connection, writes.stream().map(JournalWrite::owner)));
      statement.setArray(++i, numbers(connection, writes, JournalWrite::seq));
      statement.setArray(++i, numbers(connection, writes, JournalWrite::writer));
      statement.setArray(++i, numbers(connection, writes, JournalWrite::at));
      byte[][] events = writes.stream().map(JournalWrite::event).toArray(byte[][]::new);
      statement.setArray(++i, connection.createArrayOf("bytea", events));
      for (ToLongFunction<JournalWrite.Summary> column : COLUMNS) {
        statement.setArray(
            ++i, numbers(connection, writes, write -> column.applyAsLong(write.summary())));
      }
      statement.setShort(++i, (short) slot);
      statement.setShort(++i, (short) slot);
      keys(connection, statement, i, writes);
      Set<String> moved = new HashSet<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          moved.add(result.getString(1));
        }
      }
      return moved;
    }
  }

  private static final List<ToLongFunction<JournalWrite.Summary>> COLUMNS =
      List.of(
          JournalWrite.Summary::needed,
          JournalWrite.Summary::wakeAt,
          JournalWrite.Summary::pending,
          JournalWrite.Summary::pendingBytes,
          JournalWrite.Summary::owed,
          JournalWrite.Summary::accepted,
          JournalWrite.Summary::delivered,
          JournalWrite.Summary::expired,
          JournalWrite.Summary::rejected,
          JournalWrite.Summary::dead);

  private static void keys(
      Connection connection, PreparedStatement statement, int last, List<JournalWrite> writes)
      throws SQLException {
    int count = writes.stream().mapToInt(write -> write.keys().length).sum();
    Long[] keys = new Long[count];
    String[] owners = new String[count];
    Long[] seqs = new Long[count];
    int at = 0;
    for (JournalWrite write : writes) {
      for (long key : write.keys()) {
        keys[at] = key;
        owners[at] = write.owner();
        seqs[at++] = write.seq();
      }
    }
    statement.setArray(last + 1, connection.createArrayOf("bigint", keys));
    statement.setArray(last + 2, connection.createArrayOf("text", owners));
    statement.setArray(last + 3, connection.createArrayOf("bigint", seqs));
  }

  private static Array texts(Connection connection, java.util.stream.Stream<String> texts)
      throws SQLException {
    return connection.createArrayOf("text", texts.toArray(String[]::new));
  }

  private static Array numbers(
      Connection connection, List<JournalWrite> writes, ToLongFunction<JournalWrite> number)
      throws SQLException {
    Long[] numbers = new Long[writes.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number.applyAsLong(writes.get(i));
    }
    return connection.createArrayOf("bigint", numbers);
  }

  private static void extras(Connection connection, JournalWrite write) throws SQLException {
    if (write.snapshot() != null) {
      try (PreparedStatement statement = connection.prepareStatement(SNAPSHOT)) {
        statement.setString(1, write.owner());
        statement.setLong(2, write.seq());
        statement.setBytes(3, write.snapshot());
        statement.executeUpdate();
      }
    }
    for (DeadLetter letter : write.buried()) {
      bury(connection, letter);
    }
    if (write.raised().length > 0) {
      try (PreparedStatement statement = connection.prepareStatement(RAISE)) {
        statement.setString(1, write.owner());
        statement.setObject(2, write.raised());
        statement.executeUpdate();
      }
    }
  }

  private static void bury(Connection connection, DeadLetter letter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BURY)) {
      statement.setString(1, letter.owner());
      statement.setLong(2, letter.place());
      statement.setString(3, letter.sender());
      statement.setString(4, letter.id());
      statement.setShort(5, (short) letter.fate());
      statement.setInt(6, letter.attempts());
      statement.setString(7, letter.reason());
      statement.setLong(8, letter.at());
      statement.setBytes(9, letter.letter());
      statement.executeUpdate();
    }
  }

  /** Whether this very write is there: what a lost answer did not say. */
  static boolean isWritten(Connection connection, JournalWrite write) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(IS_WRITTEN)) {
      statement.setString(1, write.owner());
      statement.setLong(2, write.seq());
      statement.setLong(3, write.writer());
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }
}
