package io.prunella.series;

/**
 * Samples of one request that go to one shard. Arrays of at least {@code count} entries, one entry
 * a sample; several entries may be of one series and are then in the sender's order.
 *
 * <p>Hand-over: who made the block must not touch it from the moment a sink has taken it until one
 * of the {@link Receipt}'s methods is called; then it is the maker's again, to be reused. In
 * between it belongs to the shard's thread alone.
 *
 * @param count samples in it
 * @param prints fingerprint of each sample's series ({@link Fingerprint#of(LabelSlices)})
 * @param labelsFrom where {@code source} finds the labels of each sample's series
 * @param labelsTo the end of them
 * @param timesMs milliseconds since the epoch
 * @param valueBits raw bits of the doubles: a stale marker does not survive arithmetic
 * @param source gives the labels of a series nobody has seen before
 * @param receipt is told once what became of the samples
 */
public record Block(
    int count,
    long[] prints,
    int[] labelsFrom,
    int[] labelsTo,
    long[] timesMs,
    long[] valueBits,
    Source source,
    Receipt receipt) {

  /** The labels behind the offsets of a block, checked already. The shard's thread only. */
  @FunctionalInterface
  public interface Source {
    /** Puts the labels into {@code labels}: sorted, none empty, none twice. */
    void read(int from, int to, LabelSlices labels);
  }

  /** Where the maker hears of the end. */
  public interface Receipt {
    /** Every sample is in its row or refused. Called once, by the shard's thread; must not wait. */
    void scored(Tally tally);

    /**
     * Our own fault: some samples may be in their rows, others not. Called instead of the other.
     */
    void failed(Throwable why);

    /** Number of the sender whose samples they are; 0 when nobody counts its series. */
    default int sender() {
      return 0;
    }
  }
}
