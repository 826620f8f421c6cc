package io.prunella.series;

/** Whoever takes blocks of samples. Any thread. */
public interface BlockSink {
  /**
   * How many shards share the series; {@link Fingerprint#shard} says which owns which. Constant.
   */
  int shards();

  /**
   * Hands a block to the shard that owns all of its series.
   *
   * @return false when the shard's inbox is full or closed; the block is then not taken
   */
  boolean offer(int shard, Block block);

  /** How many series the sender with this number has begun that are still there. */
  default int seriesOf(int sender) {
    return 0;
  }
}
