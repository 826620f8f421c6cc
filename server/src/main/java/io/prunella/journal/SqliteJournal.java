package io.prunella.journal;

import io.prunella.journal.Checkpoints.BadCheckpointException;
import io.prunella.journal.Checkpoints.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The journal in one SQLite file: write-ahead log, full sync, one writer. {@link #append} blocks
 * for one sync of the disk. Any thread may call; calls wait for each other, reads have a connection
 * of their own.
 *
 * <p>When a commit ends in an error, nobody knows yet whether it is on disk. The database is then
 * opened anew and asked: what is there was written, what is not there was not.
 */
public final class SqliteJournal implements Journal {
  static final String FILE = "journal.db";

  /** Every so many entries the head is signed into the anchors. */
  static final int ANCHOR_EVERY = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
  private static final int PAGE = 1_000;

  private final Path folder;
  private final FolderLock lock;
  private final Checkpoints checkpoints;
  private final Object reading = new Object();
  private final Connection reader;
  private @Nullable Connection writer; // null after an error, until it is opened anew
  private volatile long head;
  private String headHash;
  private String headAt;
  private long anchored;
  private int pagesMax; // for tests of a full disk; 0: as large as it gets

  private SqliteJournal(
      Path folder, FolderLock lock, Checkpoints checkpoints, Connection writer, Connection reader)
      throws SQLException {
    this.folder = folder;
    this.lock = lock;
    this.checkpoints = checkpoints;
    this.writer = writer;
    this.reader = reader;
    Rows.Row last = Rows.last(writer);
    writer.rollback(); // the read took the write lock
    this.head = last == null ? 0 : last.seq();
    this.headHash = last == null ? Seal.FIRST : last.hash();
    this.headAt = last == null ? Instant.EPOCH.toString() : last.at();
  }

  /**
   * Opens the journal of a storage folder, makes it when it is not there, and keeps other servers
   * out until it is closed.
   *
   * @throws IllegalStateException when another process has it open, or when it ends before or
   *     differs from what was signed: a person must look before anything is written on top
   * @throws Journal.JournalUnavailableException when it cannot be opened
   */
  public static SqliteJournal open(Path folder) {
    FolderLock lock = null;
    SqliteJournal journal = null;
    try {
      Files.createDirectories(folder);
      lock = FolderLock.take(folder);
      boolean fresh = !Files.exists(folder.resolve(FILE));
      if (fresh) refuseOrphans(folder);
      migrate(folder);
      journal =
          new SqliteJournal(
              folder,
              lock,
              Checkpoints.open(folder),
              connect(folder, /* readOnly= */ false),
              connect(folder, /* readOnly= */ true));
      journal.begin();
      var opened = journal;
      journal = null;
      lock = null;
      return opened;
    } catch (SQLException | IOException | org.flywaydb.core.api.FlywayException e) {
      throw new JournalUnavailableException(
          "the journal in %s cannot be opened: %s".formatted(folder, e.getMessage()), e);
    } finally {
      if (journal != null) journal.disconnect();
      if (lock != null) lock.close();
    }
  }

  private static void refuseOrphans(Path folder) {
    if (Files.exists(folder.resolve(Checkpoints.ANCHORS))) {
      throw new IllegalStateException(
          "%s has checkpoints but no %s: the facts are gone; restore them, or give another --storage.path"
              .formatted(folder, FILE));
    }
  }

  private static void migrate(Path folder) throws SQLException {
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve(FILE));
    source.setJournalMode("WAL");
    source.setSynchronous("FULL");
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/journal")
        .loggers("slf4j")
        .load()
        .migrate();
  }

  private static Connection connect(Path folder, boolean readOnly) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(5_000);
    config.setReadOnly(readOnly);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    var db =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(FILE), config.toProperties());
    if (!readOnly) db.setAutoCommit(false);
    return db;
  }

  /** Compares the end of the journal with what was signed, and signs what a crash left unsigned. */
  private void begin() throws IOException, SQLException {
    if (head == 0 && !Files.exists(folder.resolve(Checkpoints.ANCHORS))) {
      sign(/* anchor= */ true);
      return;
    }
    try {
      List<Checkpoint> anchors = Checkpoints.anchors(folder);
      Checkpoint last = anchors.getLast();
      var signedHead = Checkpoints.head(folder);
      if (signedHead.isPresent() && signedHead.get().seq() >= last.seq()) last = signedHead.get();
      check(last);
      anchored = anchors.getLast().seq();
    } catch (BadCheckpointException e) {
      throw new IllegalStateException(damaged(String.valueOf(e.getMessage())), e);
    }
    sign(head - anchored >= ANCHOR_EVERY);
  }

  private void check(Checkpoint signed) throws SQLException {
    if (signed.seq() > head) {
      throw new IllegalStateException(
          damaged("its last entry is %d, signed was %d".formatted(head, signed.seq())));
    }
    String hash = Seal.FIRST;
    if (signed.seq() > 0) {
      try (var statement = Rows.upwards(reader, signed.seq(), 1);
          var rows = statement.executeQuery()) {
        hash = rows.next() ? Rows.read(rows).hash() : "";
      }
    }
    if (!hash.equals(signed.hash())) {
      throw new IllegalStateException(
          damaged(
              "hash of entry %d is %s, signed was %s"
                  .formatted(signed.seq(), hash, signed.hash())));
    }
  }

  private String damaged(String what) {
    return "the journal in %s is not as it was written: %s; see `prunella audit verify`, restore it, or give another --storage.path"
        .formatted(folder, what);
  }

  @Override
  public synchronized List<Entry> append(long expectedHead, List<Draft> drafts) {
    List<Entry> entries = List.of();
    try {
      Connection db = writer();
      if (head != expectedHead) {
        db.rollback();
        throw new StaleWriterException(
            "the journal ends at entry %d, this writer believes at %d: someone else has written"
                .formatted(head, expectedHead));
      }
      if (drafts.isEmpty()) {
        db.rollback();
        return List.of();
      }
      entries = seal(drafts);
      Rows.insert(db, entries);
      db.commit();
    } catch (SQLException e) {
      if (!isOnDisk(entries)) {
        throw new JournalUnavailableException(
            "%d facts cannot be written to %s: %s"
                .formatted(drafts.size(), folder.resolve(FILE), e.getMessage()),
            e);
      }
    }
    Entry last = entries.getLast();
    head = last.seq();
    headHash = last.hash();
    headAt = last.at().toString();
    signOrWarn();
    return entries;
  }

  private List<Entry> seal(List<Draft> drafts) {
    var entries = new ArrayList<Entry>(drafts.size());
    long seq = head;
    String previous = headHash;
    for (Draft draft : drafts) {
      seq++;
      String hash =
          Seal.hash(
              seq, draft.at().toString(), draft.actor(), draft.type(), draft.body(), previous);
      entries.add(
          new Entry(seq, draft.at(), draft.actor(), draft.type(), draft.body(), previous, hash));
      previous = hash;
    }
    return entries;
  }

  /** After an error: drops the connection, and asks a new one whether the entries are there. */
  private boolean isOnDisk(List<Entry> entries) {
    drop();
    try {
      Rows.Row last = Rows.last(connected());
      connected().rollback(); // a read began a transaction
      return !entries.isEmpty() && last != null && last.hash().equals(entries.getLast().hash());
    } catch (SQLException e) {
      LOG.debug("the journal does not open either", e);
      drop();
      return false;
    }
  }

  private Connection writer() throws SQLException {
    boolean isNew = writer == null;
    Connection db = connected();
    Rows.Row last = Rows.last(db); // takes the write lock, and sees another writer
    long seq = last == null ? 0 : last.seq();
    if (isNew || seq != head) {
      head = seq;
      headHash = last == null ? Seal.FIRST : last.hash();
      headAt = last == null ? headAt : last.at();
    }
    return db;
  }

  private Connection connected() throws SQLException {
    Connection db = writer;
    if (db == null) {
      db = connect(folder, /* readOnly= */ false);
      if (pagesMax > 0) limit(db, pagesMax);
      writer = db;
    }
    return db;
  }

  private void drop() {
    Connection db = writer;
    writer = null;
    if (db == null) return;
    try {
      db.rollback();
    } catch (SQLException e) {
      LOG.debug("nothing to take back", e);
    }
    try {
      db.close();
    } catch (SQLException e) {
      LOG.debug("the connection was lost already", e);
    }
  }

  private void signOrWarn() {
    try {
      sign(head - anchored >= ANCHOR_EVERY);
    } catch (IOException e) {
      // The facts are on disk; the next append signs for these as well.
      LOG.warn("the journal's head cannot be signed seq={} folder={}", head, folder, e);
    }
  }

  private void sign(boolean anchor) throws IOException {
    var checkpoint = new Checkpoint(head, headHash, headAt);
    if (anchor) {
      checkpoints.anchor(checkpoint);
      anchored = head;
    }
    checkpoints.head(checkpoint);
  }

  @Override
  public long head() {
    return head;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException at the first entry that is not as it was written
   */
  @Override
  public void replay(long afterSeq, Consumer<Entry> take) {
    long seq = afterSeq;
    String previous = afterSeq == 0 ? Seal.FIRST : null;
    while (true) {
      long from = seq + 1;
      List<Rows.Row> page = read(db -> Rows.upwards(db, from, PAGE));
      for (Rows.Row row : page) {
        String wrong = row.wrong(seq + 1, previous == null ? row.previous() : previous);
        if (wrong != null) throw new IllegalStateException(damaged(wrong));
        take.accept(row.entry());
        seq = row.seq();
        previous = row.hash();
      }
      if (page.size() < PAGE) return;
    }
  }

  @Override
  public List<Entry> newest(long beforeSeq, int entriesMax) {
    if (entriesMax < 1) return List.of();
    return read(db -> Rows.downwards(db, beforeSeq, Math.min(entriesMax, PAGE))).stream()
        .map(Rows.Row::entry)
        .toList();
  }

  private interface Query {
    PreparedStatement on(Connection db) throws SQLException;
  }

  private List<Rows.Row> read(Query query) {
    synchronized (reading) {
      try (var statement = query.on(reader);
          var rows = statement.executeQuery()) {
        var page = new ArrayList<Rows.Row>();
        while (rows.next()) page.add(Rows.read(rows));
        return page;
      } catch (SQLException e) {
        throw new JournalUnavailableException(
            "%s cannot be read: %s".formatted(folder.resolve(FILE), e.getMessage()), e);
      }
    }
  }

  @Override
  public Verdict verify() {
    return JournalVerifier.verify(folder);
  }

  @Override
  public synchronized void close() {
    try {
      if (anchored != head) sign(/* anchor= */ true);
    } catch (IOException e) {
      throw new UncheckedIOException("the last checkpoint cannot be written", e);
    } finally {
      disconnect();
      lock.close();
    }
  }

  private void disconnect() {
    drop();
    try {
      reader.close();
    } catch (SQLException e) {
      LOG.debug("the reading connection was lost already", e);
    }
  }

  /** For tests: the database may not grow beyond so many pages; 0 lifts it. */
  synchronized void limitPages(int pages) throws SQLException {
    pagesMax = pages;
    limit(connected(), pages == 0 ? 1 << 30 : pages);
  }

  private static void limit(Connection db, int pages) throws SQLException {
    try (var statement = db.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + pages);
    }
    db.commit();
  }
}
