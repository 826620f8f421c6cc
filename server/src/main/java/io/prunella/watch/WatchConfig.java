package io.prunella.watch;

/**
 * Limits of the watch.
 *
 * @param shards threads that own the series between them
 * @param seriesMax series in all; past it a new one is refused
 * @param senderSeriesMax series that one sender may have begun; past it a new one is refused. 0: no
 *     bound besides that of all series
 * @param inboxBlocksMax blocks of samples that may wait for one shard before senders are told to
 *     slow down
 * @param readsMax reads that may wait for one shard
 * @param recentMs how far back samples are kept for charts, diagnosis and checks
 * @param recentBytesMax bytes that one series' recent samples may take; where they do not suffice
 *     for {@code recentMs} the oldest go
 * @param forgetEndedMs after so long a series that ended (stale marker) is forgotten
 * @param forgetSilentMs after so long a series that fell silent without a word is forgotten
 * @param edgesMax pairs of caller and callee that are remembered
 * @param meansMax means of latencies that are made out of _sum and _count; past it a sum is scored
 *     as a rate
 * @param delivery when anomalies and changes are handed over
 */
public record WatchConfig(
    int shards,
    int seriesMax,
    int senderSeriesMax,
    int inboxBlocksMax,
    int readsMax,
    long recentMs,
    int recentBytesMax,
    long forgetEndedMs,
    long forgetSilentMs,
    int edgesMax,
    int meansMax,
    Delivery delivery) {

  /** When anomalies and changes are handed over. */
  public enum Delivery {
    /** At once, by the thread that found them. */
    LIVE,
    /** Only by {@code settle}, in an order that depends on nothing but the samples. */
    SETTLED
  }

  public static final WatchConfig DEFAULTS =
      new WatchConfig(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          1_000_000,
          0,
          256,
          64,
          2 * 3_600_000L,
          1024,
          1_800_000L,
          24 * 3_600_000L,
          10_000,
          50_000,
          Delivery.LIVE);

  public WatchConfig {
    atLeast("watch.shards", shards, 1);
    atMost("watch.shards", shards, 256);
    atLeast("watch.series-max", seriesMax, 1);
    atMost("watch.series-max", seriesMax, shards * (long) SeriesTable.ROWS_MAX / 2);
    atLeast("watch.sender-series-max", senderSeriesMax, 0);
    atLeast("watch.inbox-blocks-max", inboxBlocksMax, 1);
    atLeast("watch.reads-max", readsMax, 1);
    atLeast("watch.recent-ms", recentMs, 1_000);
    atLeast("watch.recent-bytes-max", recentBytesMax, 2 * ChunkStore.BYTES);
    atMost("watch.recent-bytes-max", recentBytesMax, 250 * ChunkStore.BYTES);
    atLeast("watch.forget-ended-ms", forgetEndedMs, 1_000);
    atLeast("watch.forget-silent-ms", forgetSilentMs, 1_000);
    atLeast("watch.edges-max", edgesMax, 0);
    atLeast("watch.means-max", meansMax, 0);
  }

  private static void atLeast(String key, long seen, long wanted) {
    if (seen < wanted) {
      throw new IllegalArgumentException(
          "%s is %d, wanted at least %d".formatted(key, seen, wanted));
    }
  }

  private static void atMost(String key, long seen, long wanted) {
    if (seen > wanted) {
      throw new IllegalArgumentException(
          "%s is %d, wanted at most %d".formatted(key, seen, wanted));
    }
  }

  /** The same with another number of shards. */
  public WatchConfig withShards(int wanted) {
    return new WatchConfig(
        wanted,
        seriesMax,
        senderSeriesMax,
        inboxBlocksMax,
        readsMax,
        recentMs,
        recentBytesMax,
        forgetEndedMs,
        forgetSilentMs,
        edgesMax,
        meansMax,
        delivery);
  }

  /** The same with another bound of series. */
  public WatchConfig withSeriesMax(int wanted) {
    return new WatchConfig(
        shards,
        wanted,
        senderSeriesMax,
        inboxBlocksMax,
        readsMax,
        recentMs,
        recentBytesMax,
        forgetEndedMs,
        forgetSilentMs,
        edgesMax,
        meansMax,
        delivery);
  }

  /** The same with another bound of one sender's series. */
  public WatchConfig withSenderSeriesMax(int wanted) {
    return new WatchConfig(
        shards,
        seriesMax,
        wanted,
        inboxBlocksMax,
        readsMax,
        recentMs,
        recentBytesMax,
        forgetEndedMs,
        forgetSilentMs,
        edgesMax,
        meansMax,
        delivery);
  }

  /** The same with another bound of means. */
  public WatchConfig withMeansMax(int wanted) {
    return new WatchConfig(
        shards,
        seriesMax,
        senderSeriesMax,
        inboxBlocksMax,
        readsMax,
        recentMs,
        recentBytesMax,
        forgetEndedMs,
        forgetSilentMs,
        edgesMax,
        wanted,
        delivery);
  }

  /** The same with another way of handing over. */
  public WatchConfig withDelivery(Delivery wanted) {
    return new WatchConfig(
        shards,
        seriesMax,
        senderSeriesMax,
        inboxBlocksMax,
        readsMax,
        recentMs,
        recentBytesMax,
        forgetEndedMs,
        forgetSilentMs,
        edgesMax,
        meansMax,
        wanted);
  }
}
