package io.prunella.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the table of facts. */
final class Rows {
  private static final String COLUMNS = "seq, at, actor, type, body, previous, hash";

  private Rows() {}

  /** A row as it stands in the database, believed in nothing. */
  record Row(
      long seq, String at, String actor, String type, String body, String previous, String hash) {

    /** Null when all is well, else what is wrong. */
    @Nullable String wrong(long seqWanted, String previousWanted) {
      if (seq != seqWanted) {
        return "entry %d is missing: entry %d comes next".formatted(seqWanted, seq);
      }
      if (!previous.equals(previousWanted)) {
        return "entry %d does not follow the one before: previous is %s, wanted %s"
            .formatted(seq, previous, previousWanted);
      }
      String wanted = Seal.hash(seq, at, actor, type, body, previous);
      if (!hash.equals(wanted)) {
        return "entry %d (%s by %s) was changed: its hash is %s, its content gives %s"
            .formatted(seq, type, actor, hash, wanted);
      }
      return null;
    }

    Entry entry() {
      try {
        return new Entry(seq, Instant.parse(at), actor, type, body, previous, hash);
      } catch (DateTimeException e) {
        throw new IllegalStateException(
            "entry %d: time is %s, wanted ISO 8601".formatted(seq, at), e);
      }
    }
  }

  static Row read(ResultSet rows) throws SQLException {
    return new Row(
        rows.getLong(1),
        text(rows, 2),
        text(rows, 3),
        text(rows, 4),
        text(rows, 5),
        text(rows, 6),
        text(rows, 7));
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text;
  }

  /** The last row, or null. */
  static @Nullable Row last(Connection db) throws SQLException {
    try (var statement = db.createStatement();
        var rows =
            statement.executeQuery("SELECT " + COLUMNS + " FROM fact ORDER BY seq DESC LIMIT 1")) {
      return rows.next() ? read(rows) : null;
    }
  }

  /** Up to {@code max} rows from {@code from}, upwards. */
  static PreparedStatement upwards(Connection db, long from, int max) throws SQLException {
    var statement =
        db.prepareStatement(
            "SELECT " + COLUMNS + " FROM fact WHERE seq >= ? ORDER BY seq LIMIT " + max);
    statement.setLong(1, from);
    return statement;
  }

  /** Up to {@code max} rows below {@code before}, downwards. */
  static PreparedStatement downwards(Connection db, long before, int max) throws SQLException {
    var statement =
        db.prepareStatement(
            "SELECT " + COLUMNS + " FROM fact WHERE seq < ? ORDER BY seq DESC LIMIT " + max);
    statement.setLong(1, before);
    return statement;
  }

  static void insert(Connection db, List<Entry> entries) throws SQLException {
    try (var statement =
        db.prepareStatement("INSERT INTO fact (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (Entry entry : entries) {
        statement.setLong(1, entry.seq());
        statement.setString(2, entry.at().toString());
        statement.setString(3, entry.actor());
        statement.setString(4, entry.type());
        statement.setString(5, entry.body());
        statement.setString(6, entry.previous());
        statement.setString(7, entry.hash());
        statement.executeUpdate();
      }
    }
  }
}
