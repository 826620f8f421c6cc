package io.prunella.train;

import io.prunella.series.Labels;
import io.prunella.server.PastSamples;
import io.prunella.server.PastSeries;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus' history, a window of time after the other, none with more samples than memory has
 * room for. Windows lie on a grid, so that those that are kept serve later runs. One thread.
 */
final class PastWindows {
  /** Samples of a window, some 20 bytes each. */
  static final int SAMPLES_MAX = 4_000_000;

  private static final long SECONDS_MAX = 1 << 14;
  private static final long SECONDS_MIN = 1 << 6;

  private final PastSamples past;
  private final Map<String, String> onto;
  private final @Nullable PastStore store;
  private final Instant settled;
  private final int samplesMax;
  private long seconds = SECONDS_MAX;

  /**
   * @param onto labels that are put onto all series
   * @param store where windows are kept; null: nowhere
   * @param settled nothing more comes of what lies before it; a window that ends later is not kept
   * @param samplesMax samples of a window
   */
  PastWindows(
      PastSamples past,
      Map<String, String> onto,
      @Nullable PastStore store,
      Instant settled,
      int samplesMax) {
    this.past = past;
    this.onto = onto;
    this.store = store;
    this.settled = settled;
    this.samplesMax = samplesMax;
  }

  /**
   * One window.
   *
   * @param series in order of their labels
   * @param isRead false when it comes out of the store
   */
  record Window(List<PastSeries> series, Instant to, boolean isRead) {}

  /** A window has more samples than it may have. */
  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;

    Full() {
      super("the window is full", null, false, false);
    }
  }

  /**
   * The window after {@code from}.
   *
   * @param end it does not go beyond this
   * @throws PastSamples.Unreadable when the Prometheus does not give it
   */
  Window next(Instant from, Instant end) throws IOException, InterruptedException {
    while (true) {
      long border = (Math.floorDiv(from.getEpochSecond(), seconds) + 1) * seconds;
      Instant to = Instant.ofEpochSecond(Math.min(border, end.getEpochSecond()));
      List<PastSeries> kept = store == null ? null : store.get(from, to);
      if (kept != null) return window(kept, to, /* isRead= */ false);
      try {
        if (store != null && seconds > SECONDS_MIN && store.isTooMuch(from, to)) throw new Full();
        List<PastSeries> read = read(from, to);
        if (store != null && !to.isAfter(settled)) store.keep(from, to, read);
        return window(read, to, /* isRead= */ true);
      } catch (Full e) {
        if (seconds == SECONDS_MIN) {
          throw new IOException(
              "%d seconds from %s on have more than %d samples; choose fewer by --match"
                  .formatted(SECONDS_MIN, from, samplesMax),
              e);
        }
        if (store != null) store.tooMuch(from, to);
        seconds /= 2;
      }
    }
  }

  private Window window(List<PastSeries> series, Instant to, boolean isRead) {
    long samples = series.stream().mapToLong(PastSeries::size).sum();
    if (samples < samplesMax / 4 && seconds < SECONDS_MAX) seconds *= 2;
    return new Window(series, to, isRead);
  }

  private List<PastSeries> read(Instant from, Instant to) throws InterruptedException {
    var collect = new Collect();
    for (String metric : past.metrics(from, to)) past.read(metric, from, to, onto, collect);
    var sorted = new ArrayList<>(collect.all.values());
    sorted.sort(Comparator.comparing(PastSeries::labels));
    return sorted;
  }

  /** Takes samples of a window as they come. */
  private final class Collect implements PastSamples.Sink {
    final Map<Labels, PastSeries> all = new HashMap<>();
    private Labels labels = Labels.EMPTY;
    private PastSeries series = new PastSeries(Labels.EMPTY);
    private int samples;

    @Override
    public void take(Labels of, long timeMs, double value) {
      if (labels != of) { // the same labels come with all samples of an answer
        labels = of;
        series = all.computeIfAbsent(of, PastSeries::new);
      }
      if (series.add(timeMs, value) && ++samples > samplesMax) throw new Full();
    }
  }
}
