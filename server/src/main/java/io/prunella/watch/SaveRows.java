package io.prunella.watch;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Copies a shard's rows into frames of a checkpoint, as fast as they are written and no faster. The
 * shard's thread fills, the writer's empties and gives back.
 */
final class SaveRows implements Slow {
  private static final int ROWS_A_FRAME = 512;
  private static final int FRAMES_WAITING_MAX = 4;

  /** Senders wait for their answers, nobody for a checkpoint: a slice takes as long as a block. */
  private static final int BLOCKS_A_FRAME = 16;

  /** The strings of some rows and the rows, each with its count before it: a frame's body. */
  static final class Slice {
    // So long as rows with full windows want: a frame that grows is made several times over.
    final Frame strings = new Frame(1 << 18);
    final Frame rows = new Frame(1 << 20);
  }

  final ArrayBlockingQueue<Slice> filled = new ArrayBlockingQueue<>(FRAMES_WAITING_MAX);
  final ArrayBlockingQueue<Slice> empty = new ArrayBlockingQueue<>(FRAMES_WAITING_MAX);
  final CompletableFuture<Long> done = new CompletableFuture<>();
  volatile boolean isGivenUp;
  private int row;
  private long saved;

  // By symbol: the slice that it was last named in, and its number there. Symbols may be numbered
  // anew between two slices; that does no harm, since every slice names its own.
  private int[] slices = new int[0];
  private int[] numbers = new int[0];
  private int slice;
  private int strings;
  private int[] symbols = new int[64];

  @Override
  public Step step(Shard shard) {
    if (isGivenUp) return Step.DONE;
    if (filled.remainingCapacity() == 0) return Step.WAITING;
    int end = shard.table.rowsEnd();
    Slice to = empty.poll();
    if (to == null) to = new Slice();
    to.strings.length = 0;
    to.rows.length = 0;
    to.strings.putInt(0);
    to.rows.putInt(0);
    slice++;
    strings = 0;
    int rows = 0;
    for (; row < end && rows < ROWS_A_FRAME; row++) {
      if (!shard.table.isLive(row)) continue;
      put(shard, row, to);
      rows++;
    }
    to.strings.setInt(0, strings);
    to.rows.setInt(0, rows);
    if (rows > 0) filled.add(to);
    saved += rows;
    // A pause after each slice: who writes, and what else shares the core, must keep up meanwhile.
    if (row < end) return Step.WAITING;
    done.complete(saved);
    return Step.DONE;
  }

  @Override
  public int workBetween() {
    return BLOCKS_A_FRAME;
  }

  private void put(Shard shard, int of, Slice to) {
    int count = shard.labels.numbers(of, symbols);
    while (count > symbols.length) {
      symbols = new int[count];
      count = shard.labels.numbers(of, symbols);
    }
    to.rows.putShort(count / 2);
    for (int i = 0; i < count; i++) to.rows.putInt(number(shard, symbols[i], to.strings));
    to.rows.putByte(shard.rows.marks[of]);
    to.rows.putLong(shard.rows.lastBits[of]);
    to.rows.putDoubles(shard.rows.page(of), shard.rows.at(of), shard.rows.rowDoubles());
    shard.recent.save(of, to.rows);
  }

  /** The number of a symbol's string in the slice, where it is put when it comes first. */
  private int number(Shard shard, int symbol, Frame to) {
    if (symbol >= slices.length) {
      int length = Math.max(shard.labels.symbolCount(), slices.length * 2);
      slices = Arrays.copyOf(slices, length);
      numbers = Arrays.copyOf(numbers, length);
    }
    if (slices[symbol] != slice) {
      slices[symbol] = slice;
      numbers[symbol] = strings++;
      shard.labels.putText(symbol, to);
    }
    return numbers[symbol];
  }

  @Override
  public void fail(Throwable why) {
    done.completeExceptionally(why);
  }
}
