package io.prunella.watch;

import io.prunella.detect.Growth;
import io.prunella.detect.Stage1;
import io.prunella.series.Block;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import io.prunella.series.Refusal;
import io.prunella.series.StaleMarker;
import io.prunella.series.Tally;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import java.util.BitSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// Long because: whatever touches rows must run on the one thread that this class is.
/**
 * Owns the rows of one slice of the series. Only {@link #run} and what it calls touch them, so they
 * need no lock; everyone else puts work into the inbox.
 */
final class Shard implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
  private static final int EVENTS_MAX = 1 << 16;

  /** Samples between touching a row, which brings it into the cache, and using it. */
  private static final int AHEAD = 4;

  private static final int NEVER = Integer.MIN_VALUE;
  private static final int NOT_SCORED =
      Stage1.traits(
          new Meaning("-", "", Signal.OTHER, Meaning.Type.INFO, null, "", null, "not scored"));

  final int number;
  final WatchConfig config;
  final Rooms rooms;
  final Stage1 stage1;
  final SeriesTable table = new SeriesTable();
  final LabelStore labels;
  final Recent recent;
  final Rows rows;
  final Services services = new Services();
  final BitSet alerts = new BitSet(); // rows of the series ALERTS
  final ShardFigures figures = new ShardFigures();
  private final long silenceMs;

  private final LinkedBlockingQueue<Work> inbox = new LinkedBlockingQueue<>();
  private final AtomicInteger blocksWaiting = new AtomicInteger();
  private final SlowWork slow = new SlowWork();
  private volatile boolean isClosed;

  private final LabelSlices slices = new LabelSlices();
  private final Tally tally = new Tally();
  private final Events events = new Events();
  private int[] found = new int[2048];
  private int lastRow = SeriesTable.NONE; // that a block had
  private int nowSeconds = NEVER;
  private int unowned; // rows with the mark RESTORED
  private int repeats; // in the block at hand

  /** What touching rows came to: kept so that it is not optimized away. */
  double nothing;

  /**
   * @param silenceMs a series that has had a sample within so long is not asked for silence
   */
  Shard(int number, WatchConfig config, Stage1 stage1, long silenceMs, Rooms rooms) {
    this.number = number;
    this.silenceMs = silenceMs;
    this.config = config;
    this.rooms = rooms;
    this.stage1 = stage1;
    labels = new LabelStore(rooms.fingerprint());
    recent = new Recent(config.recentBytesMax(), config.recentMs());
    rows = new Rows(stage1.rowDoubles());
  }

  /** Any thread. False when the inbox is full or closed; the block is then not taken. */
  boolean offer(Block block) {
    if (blocksWaiting.incrementAndGet() > config.inboxBlocksMax()) {
      blocksWaiting.decrementAndGet();
      figures.full.increment();
      return false;
    }
    return ask(new Samples(block));
  }

  /** Any thread. False when the shard is closed; the work is then not taken. */
  boolean ask(Work work) {
    if (isClosed) return false;
    inbox.add(work);
    // Closed meanwhile: whoever takes it out of the inbox first answers for it.
    return !isClosed || !inbox.remove(work);
  }

  /** Begins a long piece of work. The shard's thread only. */
  void begin(Slow work) {
    slow.add(work);
  }

  int blocksWaiting() {
    return blocksWaiting.get();
  }

  @Override
  public void run() {
    while (!isClosed) {
      try {
        Work work = slow.isEmpty() ? inbox.take() : inbox.poll();
        if (work != null) run(work);
        slow.worked();
        Slow next = slow.next(work == null);
        if (next != null) slice(next);
      } catch (InterruptedException e) {
        isClosed = true;
      }
    }
    var why = new IllegalStateException("the watch is closed");
    for (Work left; (left = inbox.poll()) != null; ) left.fail(why);
    slow.endAll(left -> left.fail(why));
  }

  private void run(Work work) {
    try {
      work.run(this);
    } catch (RuntimeException | Error e) {
      // Our own fault. The rest of the rows is sound, and whoever asked is told.
      figures.faults.increment();
      LOG.error("shard {} broke down over {}", number, work.getClass().getSimpleName(), e);
      work.fail(e);
      if (e instanceof VirtualMachineError fatal) throw fatal;
    }
  }

  private void slice(Slow work) throws InterruptedException {
    try {
      switch (work.step(this)) {
        case MORE -> {}
        case DONE -> slow.end(work);
        case WAITING -> {
          if (slow.hasOthers()) return;
          Work next = inbox.poll(1, TimeUnit.MILLISECONDS);
          if (next != null) run(next);
        }
      }
    } catch (RuntimeException e) {
      slow.end(work);
      figures.faults.increment();
      LOG.error("shard {} broke down over {}", number, work.getClass().getSimpleName(), e);
      work.fail(e);
    }
  }

  /** Ends {@link #run} after the work that has begun; what waits is failed. Any thread. */
  void close() {
    ask(
        new Work() {
          @Override
          public void run(Shard shard) {
            shard.isClosed = true;
          }

          @Override
          public void fail(Throwable why) {}
        });
  }

  /** A block in the inbox. */
  private record Samples(Block block) implements Work {
    @Override
    public void run(Shard shard) {
      shard.blocksWaiting.decrementAndGet();
      shard.tally.clear();
      long begun = System.nanoTime();
      shard.take(block, shard.tally);
      shard.figures.busyNanos.add(System.nanoTime() - begun);
      block.receipt().scored(shard.tally);
    }

    @Override
    public void fail(Throwable why) {
      block.receipt().failed(why);
    }
  }

  /** Looks all samples of a block up, then takes them in: the misses of the table overlap. */
  void take(Block block, Tally counts) {
    int count = block.count();
    if (found.length < count) found = new int[Math.max(count, found.length * 2)];
    int unknown = 0;
    long[] prints = block.prints();
    int row = lastRow;
    for (int i = 0; i < count; i++) {
      row = table.find(prints[i], row);
      found[i] = row;
      if (row < 0) unknown++;
    }
    lastRow = row;
    if (unowned > 0) adopt(block);
    if (unknown > 0) register(block, counts);
    long[] times = block.timesMs();
    long[] bits = block.valueBits();
    int taken = 0;
    double touched = 0;
    for (int i = 0; i < count; i++) {
      int ahead = i + AHEAD < count ? found[i + AHEAD] : SeriesTable.NONE;
      if (ahead >= 0) touched += rows.touch(ahead);
      row = found[i];
      if (row >= 0 && sample(row, times[i], bits[i], block, i, counts)) taken++;
    }
    nothing = touched;
    counts.accept(taken);
    figures.samples.add(taken - repeats);
    if (repeats > 0) figures.repeated.add(repeats);
    repeats = 0;
    figures.blocks.increment();
    if (events.count >= EVENTS_MAX) giveEvents();
  }

  /** Finds rows for the samples of a block whose series nobody has seen before. */
  private void register(Block block, Tally counts) {
    for (int i = 0; i < block.count(); i++) {
      if (found[i] >= 0) continue;
      long print = block.prints()[i];
      int row = table.find(print); // the block may have several samples of a new series
      if (row < 0) row = register(print, block, i, counts);
      found[i] = row;
    }
  }

  private int register(long print, Block block, int i, Tally counts) {
    if (rooms.series().incrementAndGet() > config.seriesMax()) {
      rooms.series().decrementAndGet();
      refuseNew(block, i, counts, Refusal.TOO_MANY_SERIES);
      return SeriesTable.NONE;
    }
    char sender = SenderSeries.number(block.receipt().sender());
    if (!rooms.senders().enter(sender)) {
      rooms.series().decrementAndGet();
      refuseNew(block, i, counts, Refusal.SENDER_FULL);
      return SeriesTable.NONE;
    }
    block.source().read(block.labelsFrom()[i], block.labelsTo()[i], slices);
    int row = table.add(print);
    Labels text = labels.put(row, slices);
    Meaning meaning = meaning(text);
    place(row, text, meaning);
    rows.sender[row] = sender;
    stage1.begin(rows.page(row), rows.at(row), rows.traits[row]);
    Special special = rows.special[row];
    if (special != null) rooms.gather().join(special);
    figures.registered.increment();
    return row;
  }

  /** Rows that came back from a checkpoint count for whoever writes them first. */
  private void adopt(Block block) {
    char sender = SenderSeries.number(block.receipt().sender());
    for (int i = 0; i < block.count(); i++) {
      int row = found[i];
      if (row < 0 || !rows.is(row, Rows.RESTORED)) continue;
      rows.mark(row, Rows.RESTORED, false);
      unowned--;
      rows.sender[row] = sender;
      rooms.senders().adopt(sender);
    }
  }

  /** Fills the columns of a new row; the detector's state is the caller's to begin or load. */
  void place(int row, Labels text, Meaning meaning) {
    rows.begin(row);
    recent.begin(row);
    Special special = Special.of(text, meaning);
    Mean mean = special == null ? rooms.means().join(text, meaning) : null;
    if (mean != null) special = Special.of(text, meaning, mean);
    boolean isSum = special != null && special.isSum;
    rows.traits[row] = isSum ? NOT_SCORED : Stage1.traits(meaning);
    rows.service[row] = services.enter(meaning.service());
    rows.signal[row] = (byte) (isSum ? Signal.OTHER : meaning.signal()).ordinal();
    rows.special[row] = special;
    if (text.metric().equals(Windows.ALERTS)) alerts.set(row);
    rows.mark(row, Rows.COUNTER, meaning.type() == Meaning.Type.COUNTER && !isSum);
    rows.seenSeconds[row] = nowSeconds;
    rooms.edges().see(text);
  }

  /**
   * Takes a row back from a checkpoint; false when it is there already or there is no room.
   *
   * @param savedLabels numbers of names and values in turn, as {@link #labels} has them
   * @param at where in {@code saved} the row goes on after its labels
   */
  boolean restore(long print, int[] savedLabels, byte[] saved, int at) {
    if (table.find(print) >= 0) return false;
    if (rooms.series().incrementAndGet() > config.seriesMax()) {
      rooms.series().decrementAndGet();
      return false;
    }
    int row = table.add(print);
    Labels text = labels.put(row, savedLabels);
    place(row, text, meaning(text));
    byte marks = saved[at];
    rows.mark(row, Rows.ANOMALOUS, (marks & Rows.ANOMALOUS) != 0);
    rows.mark(row, Rows.ENDED, (marks & Rows.ENDED) != 0);
    rows.mark(row, Rows.RESTORED, true);
    unowned++;
    rows.lastBits[row] = Frame.longAt(saved, at + 1);
    int doubles = rows.rowDoubles();
    double[] page = rows.page(row);
    int to = rows.at(row);
    Frame.doublesAt(saved, at + 9, page, to, doubles);
    rows.mark(row, Rows.SCORED, stage1.isScored(page, to));
    recent.load(row, saved, at + 9 + 8 * doubles);
    Special special = rows.special[row];
    if (special != null) {
      rooms.gather().rejoin(special, Double.longBitsToDouble(rows.lastBits[row]));
    }
    return true;
  }

  Meaning meaning(Labels text) {
    Meaning mean = rooms.means().meaning(text);
    if (mean != null) return mean;
    return rooms.catalogue().meaning(text, rooms.types().apply(text.metric()));
  }

  private void refuseNew(Block block, int i, Tally counts, Refusal why) {
    counts.refuse(why, 1);
    // Reading labels costs as much as taking the series would: look at one refusal in 16.
    if (counts.first() == null || (i & 15) == 0) {
      block.source().read(block.labelsFrom()[i], block.labelsTo()[i], slices);
      Labels text = slices.toLabels();
      counts.tell(text + " " + why.text());
      rooms.offenders().count(text.metric(), 16);
    }
  }

  private boolean sample(int row, long timeMs, long bits, Block block, int i, Tally counts) {
    if (timeMs <= recent.lastTimeMs(row)) return late(row, timeMs, bits, counts);
    double[] page = rows.page(row);
    int at = rows.at(row);
    double scored;
    if (StaleMarker.is(bits)) {
      stage1.pause(page, at);
      rows.marks[row] |= Rows.ENDED;
      Special special = rows.special[row];
      if (special != null && special.mean != null && special.mean.end(timeMs)) {
        rooms.means().ready(special.mean);
      }
      scored = Double.NaN;
    } else {
      double value = Double.longBitsToDouble(bits);
      int traits = rows.traits[row];
      int flags = stage1.observe(page, at, traits, timeMs, value);
      scored = asScored(row, page, at, timeMs, value);
      rows.mark(row, Rows.SCORED, stage1.isScored(page, at));
      rows.mark(row, Rows.ENDED, false);
      if (flags != Stage1.QUIET) found(row, flags, timeMs);
      Special special = rows.special[row];
      if (special != null) special(special, row, timeMs, bits, scored);
    }
    recent.add(row, timeMs, scored);
    rows.lastBits[row] = bits;
    rows.seenSeconds[row] = nowSeconds;
    return true;
  }

  private void special(Special special, int row, long timeMs, long bits, double scored) {
    if (special.mean != null) {
      boolean isReady = special.mean.take(special.isSum, timeMs, Double.longBitsToDouble(bits));
      if (isReady) rooms.means().ready(special.mean);
      return;
    }
    if (special.resource != null) {
      if (!Double.isNaN(scored)) events.add(special, timeMs, scored);
      return;
    }
    // What is only evidence of a change says nothing while it stays as it was.
    if (bits == rows.lastBits[row] && recent.lastTimeMs(row) > 0) return;
    double value = Double.longBitsToDouble(bits);
    if (!Double.isNaN(value)) events.add(special, timeMs, value);
  }

  /** What is kept of a value: a counter's rate, anything else as it came; NaN for nothing. */
  private double asScored(int row, double[] page, int at, long timeMs, double value) {
    if (!Double.isFinite(value)) return Double.NaN;
    if (!rows.is(row, Rows.COUNTER)) {
      Special special = rows.special[row];
      return special != null && special.isSum ? growth(row, timeMs, value) : value;
    }
    // A counter that fell was reset: the detector still has the rate before.
    boolean isReset = value < Double.longBitsToDouble(rows.lastBits[row]);
    return isReset ? Double.NaN : stage1.scored(page, at);
  }

  /** The rate of a sum, of which no detector keeps account, as its mean is scored in its place. */
  private double growth(int row, long timeMs, double value) {
    long beforeMs = recent.lastTimeMs(row);
    if (beforeMs <= 0) return Double.NaN;
    double before = Double.longBitsToDouble(rows.lastBits[row]);
    return Growth.perSecond(before, value, (timeMs - beforeMs) / 1000.0);
  }

  /** A sample that is not newer than the last: a retry is fine, the rest is the sender's fault. */
  private boolean late(int row, long timeMs, long bits, Tally counts) {
    Refusal why;
    if (timeMs == recent.lastTimeMs(row)) {
      if (bits == rows.lastBits[row]) {
        repeats++;
        return true;
      }
      why = Refusal.OTHER_VALUE;
    } else {
      switch (recent.seen(row, timeMs)) {
        case TAKEN -> {
          repeats++;
          return true;
        }
        case MISSING -> why = Refusal.OUT_OF_ORDER;
        case TOO_OLD -> why = Refusal.TOO_OLD;
        default -> throw new IllegalStateException("no such answer");
      }
    }
    counts.refuse(why, 1);
    if (counts.first() == null) {
      counts.tell(
          "%s %s (its time is %d, the newest has %d)"
              .formatted(labels.labels(row), why.text(), timeMs, recent.lastTimeMs(row)));
    }
    return false;
  }

  /** The detector has something to say of a row. */
  private void found(int row, int flags, long timeMs) {
    if ((flags & Stage1.OPENED) != 0) {
      rows.mark(row, Rows.ANOMALOUS, true);
      figures.opened.increment();
    }
    if ((flags & Stage1.CLOSED) != 0) rows.mark(row, Rows.ANOMALOUS, false);
    Labels text = labels.labels(row);
    double[] page = rows.page(row);
    int at = rows.at(row);
    var word = stage1.describe(page, at, text, meaning(text), timeMs);
    Jury jury = rooms.jury();
    if (jury == null) rooms.outlet().anomaly(word);
    else jury.take(word, flags, Jury.facts(stage1, page, at, rows.traits[row], word, flags));
  }

  /** Scores silence, forgets what is gone, and hands over what others put together. */
  void tick(long nowMs, long silentAtMs) {
    nowSeconds = seconds(nowMs);
    int endedBefore = seconds(nowMs - config.forgetEndedMs());
    int silentBefore = seconds(nowMs - config.forgetSilentMs());
    int end = table.rowsEnd();
    int cold = 0;
    for (int row = 0; row < end; row++) {
      if (!table.isLive(row)) continue;
      // Came before the first tick.
      if (rows.seenSeconds[row] == NEVER) rows.seenSeconds[row] = nowSeconds;
      if (silentAtMs - recent.lastTimeMs(row) > silenceMs
          || rows.is(row, (byte) (Rows.ENDED | Rows.ANOMALOUS))) {
        int flags = stage1.silence(rows.page(row), rows.at(row), rows.traits[row], silentAtMs);
        if (flags != Stage1.QUIET) found(row, flags, silentAtMs);
      }
      if (!rows.is(row, Rows.SCORED)) cold++;
      int seen = rows.seenSeconds[row];
      if (seen < silentBefore || (seen < endedBefore && rows.is(row, Rows.ENDED))) forget(row);
    }
    labels.compactWhenWorth(end);
    giveEvents();
    figures.read(this);
    figures.cold = cold;
  }

  /** Seconds since July 2017: they fit an int until 2085. */
  private static int seconds(long ms) {
    return (int) (ms / 1000 - 1_500_000_000L);
  }

  private void forget(int row) {
    Special special = rows.special[row];
    if (special != null) {
      rooms.gather().leave(special);
      if (special.mean != null) rooms.means().leave(special.mean);
      rows.special[row] = null;
    }
    if (rows.is(row, Rows.RESTORED)) unowned--;
    rooms.senders().leave(rows.sender[row]);
    services.leave(rows.service[row]);
    alerts.clear(row);
    labels.remove(row);
    recent.remove(row);
    table.remove(row);
    rooms.series().decrementAndGet();
    figures.forgotten.increment();
  }

  /** Hands over what others put together. The shard's thread only. */
  void giveEvents() {
    if (events.count == 0) return;
    rooms.gather().take(events);
    events.clear();
  }
}
