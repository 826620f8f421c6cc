package io.prunella.journal;

import io.prunella.journal.Checkpoints.BadCheckpointException;
import io.prunella.journal.Checkpoints.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;

/**
 * Proves a journal offline, from its folder alone, reading only. May run while the server writes:
 * the signed heads are read first, so that the database is never behind them.
 */
public final class JournalVerifier {
  private static final int PAGE = 1_000;

  private JournalVerifier() {}

  /**
   * Reads every entry and every checkpoint: any changed byte, a gap, a cut tail and a chain that
   * was computed anew are found.
   *
   * @param folder the storage folder, the value of {@code --storage.path}
   * @return what was found; never throws for what is wrong with the journal
   */
  public static Journal.Verdict verify(Path folder) {
    Path file = folder.resolve(SqliteJournal.FILE);
    if (!Files.exists(file)) {
      return broken(0, "there is no journal at %s".formatted(file));
    }
    try {
      Map<Long, String> signed = new HashMap<>();
      long last = 0;
      List<Checkpoint> anchors = Checkpoints.anchors(folder);
      var head = Checkpoints.head(folder);
      for (Checkpoint one : anchors) {
        String before = signed.putIfAbsent(one.seq(), one.hash());
        if (before != null && !before.equals(one.hash())) {
          return broken(0, "two checkpoints of entry %d differ".formatted(one.seq()));
        }
        last = Math.max(last, one.seq());
      }
      if (head.isEmpty()) return broken(0, "the signed head is missing");
      String before = signed.putIfAbsent(head.get().seq(), head.get().hash());
      if (before != null && !before.equals(head.get().hash())) {
        return broken(
            0, "the signed head and the checkpoint of entry %d differ".formatted(head.get().seq()));
      }
      last = Math.max(last, head.get().seq());
      try (Connection db = readOnly(file)) {
        return chain(db, signed, last);
      }
    } catch (BadCheckpointException e) {
      return broken(0, String.valueOf(e.getMessage()));
    } catch (IOException | SQLException e) {
      return broken(0, "cannot be read: " + e.getMessage());
    }
  }

  private static Journal.Verdict chain(Connection db, Map<Long, String> signed, long signedLast)
      throws SQLException {
    long seq = 0;
    String hash = Seal.FIRST;
    while (true) {
      int read = 0;
      try (var statement = Rows.upwards(db, seq == 0 ? Long.MIN_VALUE : seq + 1, PAGE);
          var rows = statement.executeQuery()) {
        for (; rows.next(); read++) {
          Rows.Row row = Rows.read(rows);
          String wrong = row.wrong(seq + 1, hash);
          if (wrong != null) return broken(seq, wrong);
          String wanted = signed.get(row.seq());
          if (wanted != null && !wanted.equals(row.hash())) {
            return broken(
                seq,
                "entry %d was rewritten with all hashes after it: its hash is %s, signed was %s"
                    .formatted(row.seq(), row.hash(), wanted));
          }
          seq = row.seq();
          hash = row.hash();
        }
      }
      if (read < PAGE) break;
    }
    if (seq < signedLast) {
      return broken(
          seq,
          "the tail was cut off: the last entry is %d, a checkpoint was signed for %d"
              .formatted(seq, signedLast));
    }
    return new Journal.Verdict(
        true,
        seq,
        "%d entries, chain whole, %d signed checkpoints fit".formatted(seq, signed.size()));
  }

  private static Journal.Verdict broken(long entries, String message) {
    return new Journal.Verdict(false, entries, message);
  }

  private static Connection readOnly(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(5_000);
    return DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
  }
}
