package io.prunella.watch;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one shard. Written by its thread (and by those who find it full), read by any. */
final class ShardFigures {
  final LongAdder samples = new LongAdder();
  final LongAdder blocks = new LongAdder();
  final LongAdder repeated = new LongAdder();
  final LongAdder registered = new LongAdder();
  final LongAdder forgotten = new LongAdder();
  final LongAdder opened = new LongAdder();
  final LongAdder full = new LongAdder();
  final LongAdder faults = new LongAdder();
  final LongAdder busyNanos = new LongAdder();
  volatile int cold;
  volatile int series;
  volatile int anomalous;
  volatile long tableBytes;
  volatile long stateBytes;
  volatile long recentBytes;
  volatile long labelBytes;

  /** Takes the sizes over; by the shard's thread, at each tick. */
  void read(Shard shard) {
    series = shard.table.live();
    int odd = 0;
    int end = shard.table.rowsEnd();
    for (int row = 0; row < end; row++) {
      if (shard.rows.is(row, Rows.ANOMALOUS) && shard.table.isLive(row)) odd++;
    }
    anomalous = odd;
    tableBytes = shard.table.bytes();
    stateBytes = shard.rows.bytes();
    recentBytes = shard.recent.bytes();
    labelBytes = shard.labels.bytes();
  }
}
