package io.prunella.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteJournalTest {
  private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

  @TempDir Path folder;

  private static Draft draft(int i) {
    return new Draft(
        AT.plusSeconds(i), "ann", "test.fact", "{\"n\":" + i + ",\"text\":\"a \\\"b\\\" ü\"}");
  }

  private static List<Draft> drafts(int from, int to) {
    return Stream.iterate(from, i -> i + 1)
        .limit(to - from + 1L)
        .map(SqliteJournalTest::draft)
        .toList();
  }

  private void fill(int entries) {
    try (var journal = SqliteJournal.open(folder)) {
      for (int i = 1; i <= entries; i++) journal.append(i - 1, List.of(draft(i)));
    }
  }

  @Test
  void append_thenOpenAgain_givesTheSameEntriesInOrder() {
    List<Entry> written;
    try (var journal = SqliteJournal.open(folder)) {
      written = new ArrayList<>(journal.append(0, drafts(1, 3)));
      written.addAll(journal.append(3, drafts(4, 4)));
      assertThat(journal.append(4, List.of())).isEmpty();
      assertThat(journal.head()).isEqualTo(4);
    }
    try (var journal = SqliteJournal.open(folder)) {
      var read = new ArrayList<Entry>();
      journal.replay(0, read::add);
      assertThat(read).isEqualTo(written);
      assertThat(journal.newest(4, 2)).extracting(Entry::seq).containsExactly(3L, 2L);
      assertThat(journal.newest(Long.MAX_VALUE, 0)).isEmpty();
      assertThat(journal.verify().intact()).as(journal.verify().message()).isTrue();
    }
  }

  @Test
  void append_staleHead_isRefusedAndNothingIsWritten() {
    try (var journal = SqliteJournal.open(folder)) {
      journal.append(0, drafts(1, 2));
      assertThatThrownBy(() -> journal.append(1, drafts(2, 2)))
          .isInstanceOf(Journal.StaleWriterException.class)
          .hasMessageContaining("ends at entry 2")
          .hasMessageContaining("believes at 1");
      assertThat(journal.append(2, drafts(3, 3))).hasSize(1);
    }
  }

  @Test
  void open_twice_theSecondIsRefusedAndNamesTheHolder() {
    try (var journal = SqliteJournal.open(folder)) {
      assertThat(journal.head()).isZero();
      assertThatThrownBy(() -> SqliteJournal.open(folder))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    try (var again = SqliteJournal.open(folder)) {
      assertThat(again.head()).isZero();
    }
  }

  @Test
  void schema_updateAndDelete_areRefused() throws SQLException {
    fill(2);
    for (String sql :
        List.of(
            "UPDATE fact SET actor = 'eve'",
            "DELETE FROM fact",
            "INSERT INTO fact SELECT 9, at, actor, type, body, previous, hash FROM fact LIMIT 1")) {
      assertThatThrownBy(() -> outside(sql))
          .as(sql)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("a fact");
    }
  }

  /** Every byte of every column of a fact, changed behind the triggers' back, one at a time. */
  @Test
  void verify_anyByteOfAnyColumnChanged_fails() throws SQLException {
    fill(3);
    assertThat(JournalVerifier.verify(folder).intact()).isTrue();
    outside("DROP TRIGGER fact_is_never_changed");
    int changed = 0;
    for (String column : List.of("at", "actor", "type", "body", "previous", "hash")) {
      byte[] was = bytes(column);
      for (int i = 0; i < was.length; i++) {
        byte[] now = was.clone();
        now[i] = (byte) (now[i] == 'a' ? 'b' : 'a');
        set(column, now);
        var verdict = JournalVerifier.verify(folder);
        assertThat(verdict.intact()).as("%s, byte %d: %s", column, i, verdict).isFalse();
        assertThat(verdict.message()).contains("entry 2");
        changed++;
      }
      set(column, was);
    }
    outside("UPDATE fact SET seq = 7 WHERE seq = 3");
    assertThat(JournalVerifier.verify(folder).message()).contains("entry 3 is missing");
    outside("UPDATE fact SET seq = 3 WHERE seq = 7");
    assertThat(JournalVerifier.verify(folder).intact()).isTrue();
    assertThat(changed).isGreaterThan(180);
  }

  /** By somebody who knows how the hashes are made, but has not got the key. */
  @ParameterizedTest
  @ValueSource(ints = {1, 70, 130})
  void verify_tailCutOrChainRewritten_fails(int entries) throws SQLException {
    fill(entries);
    outside("DROP TRIGGER fact_is_never_changed");
    outside("DROP TRIGGER fact_is_never_deleted");
    // somebody who knows the algorithm changes a fact and computes every hash after it anew
    rewrite("{\"n\":0}");
    assertThat(JournalVerifier.verify(folder).intact()).isFalse();
    assertThat(JournalVerifier.verify(folder).message()).contains("rewritten");
    assertThatThrownBy(() -> SqliteJournal.open(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not as it was written");
    // or cuts the tail
    outside("DELETE FROM fact WHERE seq = " + entries);
    assertThat(JournalVerifier.verify(folder).intact()).isFalse();
    outside("DELETE FROM fact");
    assertThat(JournalVerifier.verify(folder).message()).contains("cut off");
    assertThatThrownBy(() -> SqliteJournal.open(folder)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void verify_checkpointsForgedOrGone_fails() throws IOException {
    fill(3);
    Path anchors = folder.resolve(Checkpoints.ANCHORS);
    String was = Files.readString(anchors);
    for (int i = 0; i < was.length() - 1; i++) {
      char[] now = was.toCharArray();
      now[i] = now[i] == 'A' ? 'B' : 'A';
      Files.writeString(anchors, new String(now));
      // Base64 leaves a few bits of its last character unused: the signature stays the same
      boolean padding = was.charAt(i + 1) == '=';
      if (!padding) assertThat(JournalVerifier.verify(folder).intact()).as("byte %d", i).isFalse();
    }
    Files.delete(anchors);
    assertThat(JournalVerifier.verify(folder).message()).contains("missing");
    Files.writeString(anchors, was);
    Files.delete(folder.resolve(Checkpoints.HEAD));
    assertThat(JournalVerifier.verify(folder).message()).contains("head");
  }

  @Test
  void open_factsGoneButCheckpointsThere_isRefused() throws IOException {
    fill(3);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith(SqliteJournal.FILE)).toList())
        Files.delete(file);
    }
    assertThatThrownBy(() -> SqliteJournal.open(folder)).hasMessageContaining("the facts are gone");
    assertThat(JournalVerifier.verify(folder).message()).contains("no journal");
  }

  @Test
  void key_isOutsideTheDatabaseAndTheOwnersOnly() throws IOException {
    fill(1);
    Path key = folder.resolve("keys/journal.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void append_diskFull_isUnavailableAndRecovers() throws SQLException {
    String large = "{\"text\":\"" + "x".repeat(20_000) + "\"}";
    try (var journal = SqliteJournal.open(folder)) {
      journal.append(0, drafts(1, 1));
      journal.limitPages(20);
      var big = Stream.generate(() -> new Draft(AT, "ann", "test.fact", large)).limit(10).toList();
      assertThatThrownBy(() -> journal.append(1, big))
          .isInstanceOf(Journal.JournalUnavailableException.class)
          .hasMessageContaining("10 facts cannot be written");
      assertThatThrownBy(() -> journal.append(1, big))
          .isInstanceOf(Journal.JournalUnavailableException.class);
      assertThat(journal.head()).isEqualTo(1);
      assertThat(journal.verify())
          .isEqualTo(new Journal.Verdict(true, 1, journal.verify().message()));
      journal.limitPages(0);
      assertThat(journal.append(1, big)).hasSize(10);
      assertThat(journal.verify().entries()).isEqualTo(11);
    }
  }

  /** A real process writes and is killed in the middle: what it had acknowledged is there. */
  @ParameterizedTest
  @ValueSource(ints = {3, 40, 90})
  void kill9_whileWriting_losesNothingAcknowledged(int acknowledgedMin) throws Exception {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            folder.toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process child = builder.start();
    long acknowledged = 0;
    try (var lines = child.inputReader()) {
      String line;
      while (acknowledged < acknowledgedMin && (line = lines.readLine()) != null) {
        if (line.startsWith("ack ")) acknowledged = Long.parseLong(line.substring(4));
      }
      // not destroyForcibly: that would close the pipe, and the last acknowledgements with it
      new ProcessBuilder("kill", "-9", Long.toString(child.pid())).start().waitFor();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      while ((line = lines.readLine()) != null) {
        if (line.startsWith("ack ")) acknowledged = Long.parseLong(line.substring(4));
      }
    }
    assertThat(acknowledged).isGreaterThanOrEqualTo(acknowledgedMin);
    try (var journal = SqliteJournal.open(folder)) {
      assertThat(journal.head()).isGreaterThanOrEqualTo(acknowledged);
      assertThat(journal.verify().intact()).as(journal.verify().message()).isTrue();
      assertThat(journal.append(journal.head(), drafts(1, 1))).hasSize(1);
    }
  }

  @Test
  void verify_whileTheServerWrites_isWhole() throws Exception {
    try (var journal = SqliteJournal.open(folder)) {
      var writing =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 1; i <= 300; i++) journal.append(i - 1, List.of(draft(i)));
              });
      int verified = 0;
      do {
        var verdict = JournalVerifier.verify(folder);
        assertThat(verdict.intact()).as(verdict.message()).isTrue();
        verified++;
      } while (writing.isAlive());
      writing.join();
      assertThat(verified).isPositive();
      assertThat(journal.verify().entries()).isEqualTo(300);
    }
  }

  /** The child process of the kill test. */
  static final class Writer {
    public static void main(String[] args) {
      var journal = SqliteJournal.open(Path.of(args[0]));
      for (int i = 1; ; i++) {
        journal.append(journal.head(), List.of(draft(i), draft(i)));
        System.out.println("ack " + journal.head());
        System.out.flush();
      }
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(SqliteJournal.FILE));
  }

  private void outside(String sql) throws SQLException {
    try (var db = connection();
        var statement = db.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private byte[] bytes(String column) throws SQLException {
    try (var db = connection();
        var statement = db.createStatement();
        var rows = statement.executeQuery("SELECT " + column + " FROM fact WHERE seq = 2")) {
      rows.next();
      return rows.getString(1).getBytes(StandardCharsets.UTF_8);
    }
  }

  private void set(String column, byte[] value) throws SQLException {
    try (var db = connection();
        var statement =
            db.prepareStatement("UPDATE fact SET " + column + " = CAST(? AS TEXT) WHERE seq = 2")) {
      statement.setBytes(1, value);
      statement.executeUpdate();
    }
  }

  private void rewrite(String body) throws SQLException {
    try (var db = connection()) {
      var rows = new ArrayList<Rows.Row>();
      try (var statement = Rows.upwards(db, 1, 1_000);
          var found = statement.executeQuery()) {
        while (found.next()) rows.add(Rows.read(found));
      }
      String previous = Seal.FIRST;
      for (Rows.Row row : rows) {
        String hash = Seal.hash(row.seq(), row.at(), row.actor(), row.type(), body, previous);
        try (var update =
            db.prepareStatement("UPDATE fact SET body = ?, previous = ?, hash = ? WHERE seq = ?")) {
          update.setString(1, body);
          update.setString(2, previous);
          update.setString(3, hash);
          update.setLong(4, row.seq());
          update.executeUpdate();
        }
        previous = hash;
      }
    } catch (UncheckedIOException e) {
      throw new AssertionError(e);
    }
  }
}
