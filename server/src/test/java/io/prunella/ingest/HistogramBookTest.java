package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prunella.ingest.Bodies.Message;
import io.prunella.series.StaleMarker;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Quantiles of what came between two native histograms. */
class HistogramBookTest {
  private static final long NOW = Door.NOW;

  private final HistogramBook book = new HistogramBook(1 << 20);

  private static Histogram read(Message message) throws Wire.Malformed {
    var histogram = new Histogram();
    var wire = new Wire();
    byte[] bytes = message.toBytes();
    wire.begin(bytes, 0, bytes.length);
    histogram.read(wire, bytes.length);
    assertThat(histogram.isSound()).isTrue();
    return histogram;
  }

  private static long zigzag(long number) {
    return (number << 1) ^ (number >> 63);
  }

  /** A counter's histogram: buckets of schema 0, that is (1, 2], (2, 4], … from index 1 on. */
  private static Message counter(long timeMs, long... buckets) {
    return exponential(0, timeMs, 1, buckets);
  }

  private static Message exponential(int schema, long timeMs, int first, long... buckets) {
    var deltas = new long[buckets.length];
    for (int i = 0; i < buckets.length; i++) {
      deltas[i] = zigzag(buckets[i] - (i == 0 ? 0 : buckets[i - 1]));
    }
    return new Message()
        .number(1, Arrays.stream(buckets).sum())
        .real(3, 1.0)
        .number(4, zigzag(schema))
        .message(11, new Message().number(1, zigzag(first)).number(2, buckets.length))
        .packed(12, deltas)
        .number(15, timeMs);
  }

  private static byte[] doubles(double... values) {
    var bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) bytes.putDouble(value);
    return bytes.array();
  }

  private double @Nullable [] take(Message message) throws Wire.Malformed {
    return take(book, 7, message, NOW);
  }

  private static double @Nullable [] take(
      HistogramBook book, long series, Message message, long nowMs) throws Wire.Malformed {
    var told = new long[HistogramBook.SHARES.length];
    if (!book.take(series, read(message), nowMs, told)) return null;
    return Arrays.stream(told).mapToDouble(Double::longBitsToDouble).toArray();
  }

  @Test
  void take_counter_tellsTheQuantilesOfTheIncrease() throws Exception {
    assertThat(take(counter(NOW, 1000, 0, 0))).as("the first has nothing before it").isNull();
    // 100 more, all in (4, 8]: the thousand old ones in (1, 2] do not count.
    double[] told = take(counter(NOW + 1, 1000, 0, 100));
    assertThat(told[0]).isEqualTo(Math.pow(2, 2.5), within(1e-9));
    assertThat(told[1]).isEqualTo(Math.pow(2, 2.9), within(1e-9));
    assertThat(told[2]).isEqualTo(Math.pow(2, 2.99), within(1e-9));
    assertThat(take(counter(NOW + 2, 1000, 0, 100))).as("nothing came").containsOnly(Double.NaN);
    // 90 in (1, 2], 10 in (2, 4].
    told = take(counter(NOW + 3, 1090, 10, 100));
    assertThat(told[0]).isEqualTo(Math.pow(2, 5 / 9.0), within(1e-9));
    assertThat(told[1]).isEqualTo(2, within(1e-9));
    assertThat(told[2]).isEqualTo(Math.pow(2, 1.9), within(1e-9));
  }

  @Test
  void take_sameTimeAgain_tellsTheSameAndOlderOnesNothing() throws Exception {
    take(counter(NOW, 10));
    double[] told = take(counter(NOW + 1, 20));
    assertThat(take(counter(NOW + 1, 20))).isEqualTo(told);
    assertThat(take(counter(NOW, 10))).isNull();
    assertThat(take(counter(NOW + 2, 20))).containsOnly(Double.NaN);
  }

  @Test
  void take_reset_countsAllThatTheNewOneHas() throws Exception {
    take(counter(NOW, 1000, 1000));
    double[] told = take(counter(NOW + 1, 0, 0, 8));
    assertThat(told[0]).isEqualTo(Math.pow(2, 2.5), within(1e-9));
    // The count has grown, but a bucket has fewer: that is a reset as well.
    assertThat(take(counter(NOW + 2, 0, 4, 6))[0])
        .isEqualTo(Math.pow(2, 2 + 1 / 6.0), within(1e-9));
    // And one that only the sender knows of.
    assertThat(take(counter(NOW + 3, 0, 8, 8).number(14, 1))[0]).isEqualTo(4, within(1e-9));
  }

  @Test
  void take_coarserBuckets_comparesWithTheOldOnesWidened() throws Exception {
    // Schema 1: (1, √2], (√2, 2], (2, 2√2], (2√2, 4]; schema 0 puts two into one.
    take(exponential(1, NOW, 1, 5, 5, 3, 3));
    double[] told = take(counter(NOW + 1, 10, 106));
    assertThat(told[0]).isEqualTo(Math.pow(2, 1.5), within(1e-9));
    // Finer ones come only after a reset.
    told = take(exponential(1, NOW + 2, 3, 4));
    assertThat(told[0]).isEqualTo(Math.pow(2, 1.25), within(1e-9));
  }

  @Test
  void take_gauge_tellsTheQuantilesOfWhatIs() throws Exception {
    double[] told = take(counter(NOW, 10).number(14, 3));
    assertThat(told[0]).isEqualTo(Math.pow(2, 0.5), within(1e-9));
    told = take(counter(NOW + 1, 0, 10).number(14, 3));
    assertThat(told[0]).isEqualTo(Math.pow(2, 1.5), within(1e-9));
  }

  @Test
  void take_floatsOfBothSignsAndZero_areRankedFromTheLowest() throws Exception {
    var message =
        new Message()
            .real(2, 10.0)
            .real(3, -1.0)
            .real(5, 0.5)
            .real(7, 2.0)
            .message(8, new Message().number(1, zigzag(1)).number(2, 1))
            .bytes(10, doubles(4))
            .message(11, new Message().number(1, zigzag(1)).number(2, 1))
            .bytes(13, doubles(4))
            .number(14, 3)
            .number(15, NOW);
    double[] told = take(message);
    assertThat(told[0]).as("in the middle of zero").isEqualTo(0, within(1e-9));
    assertThat(told[1]).isEqualTo(Math.pow(2, 0.75), within(1e-9));
  }

  @Test
  void take_customBuckets_interpolatesEvenlyAndStopsAtTheLastBound() throws Exception {
    take(custom(NOW, 0, 0, 0));
    double[] told = take(custom(NOW + 1, 80, 15, 5));
    assertThat(told[0]).isEqualTo(0.1 * 50 / 80, within(1e-9));
    assertThat(told[1]).isEqualTo(0.1 + 0.4 * 10 / 15, within(1e-9));
    assertThat(told[2]).as("the last bucket is infinite").isEqualTo(0.5, within(1e-9));
  }

  private static Message custom(long timeMs, long... buckets) {
    return exponential(-53, timeMs, 0, buckets).bytes(16, doubles(0.1, 0.5));
  }

  @Test
  void take_stale_endsTheQuantilesToo() throws Exception {
    take(counter(NOW, 10));
    take(counter(NOW + 1, 20));
    var stale = new Message().real(3, StaleMarker.BITS).number(15, NOW + 2);
    var told = new long[HistogramBook.SHARES.length];
    assertThat(book.take(7, read(stale), NOW, told)).isTrue();
    assertThat(told).containsOnly(StaleMarker.BITS);
    assertThat(book.size()).isZero();
    assertThat(take(counter(NOW + 3, 30))).as("it begins anew").isNull();
  }

  @Test
  void take_noRoom_countsAndForgetsOnlyTheSilent() throws Exception {
    var small = new HistogramBook(2000);
    long kept = 0;
    for (int series = 1; series <= 20; series++) {
      take(small, series, counter(NOW, 1), NOW);
      if (take(small, series, counter(NOW + 1, 2), NOW) != null) kept++;
    }
    assertThat(kept).isBetween(1L, 19L).isEqualTo(small.size());
    assertThat(small.without()).isEqualTo(2 * (20 - kept));
    long later = NOW + 600_000;
    take(small, 30, counter(later, 1), later);
    assertThat(take(small, 30, counter(later + 1, 2), later)).isNotNull();
    assertThat(small.size()).isEqualTo((int) kept);
  }
}
