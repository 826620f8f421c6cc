package io.prunella.runbook;

import dev.cel.runtime.CelEvaluationException;
import io.prunella.signal.Direction;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the functions on signals answer for one set of readings. One evaluation, one thread.
 *
 * <p>A signal may have many series. Each function looks at every series that is fresh and answers
 * with the worst one: the highest where high is bad, the lowest where low is bad. Limits are not
 * values and what is left is not what is used, so a series that is a limit or a rest is looked at
 * only by {@code share} or when its metric is named.
 */
final class SignalFunctions {
  private static final int INTERVALS_LOOKED_AT = 10;
  private static final long INTERVAL_MAX_MS = Duration.ofMinutes(5).toMillis();
  private static final int BEFORE_SAMPLES_MIN = 5;
  private static final int SLOPE_SAMPLES_MIN = 3;

  private final Readings readings;
  private final ExpressionConfig config;
  private final long atMs;
  private final List<String> missing = new ArrayList<>();

  SignalFunctions(Readings readings, ExpressionConfig config) {
    this.readings = readings;
    this.config = config;
    this.atMs = readings.at().toEpochMilli();
  }

  /** Why something had no answer, in the order in which it was asked. */
  List<String> missing() {
    return missing;
  }

  /** The signal that an expression names in lower case, or null. */
  static @Nullable Signal signal(String name) {
    for (Signal signal : Signal.values()) {
      if (signal.name().toLowerCase(Locale.ROOT).equals(name)) return signal;
    }
    return null;
  }

  double last(String name, @Nullable String metric) throws CelEvaluationException {
    return worst("last", name, metric, track -> OptionalDouble.of(newest(track)));
  }

  double share(String name, @Nullable String metric) throws CelEvaluationException {
    double share = Double.NaN;
    boolean bounded = false;
    for (Readings.Track track : tracks(name, metric)) {
      if (!(track.limit() > 0) || track.part() == LimitPart.Role.LIMIT) continue;
      bounded = true;
      if (!isFresh(track)) continue;
      double used = newest(track) / track.limit();
      if (track.part() == LimitPart.Role.FREE) used = 1 - used;
      if (Double.isNaN(share) || used > share) share = used;
    }
    if (!bounded) throw noData("share", name, metric, "no series with a known limit");
    if (Double.isNaN(share)) throw noData("share", name, metric, "no fresh sample");
    return share;
  }

  double avg(String name, String window, @Nullable String metric) throws CelEvaluationException {
    return worst("avg", name, metric, t -> Arrays.stream(within(t, window)).average());
  }

  double quantile(String name, double q, String window, @Nullable String metric)
      throws CelEvaluationException {
    return worst("quantile", name, metric, t -> quantile(within(t, window), q));
  }

  double max(String name, String window, @Nullable String metric) throws CelEvaluationException {
    return folded("max", name, window, metric, /* highest= */ true);
  }

  double min(String name, String window, @Nullable String metric) throws CelEvaluationException {
    return folded("min", name, window, metric, /* highest= */ false);
  }

  /** Change per second over the window: the slope of the line of least squares. */
  double rate(String name, String window, @Nullable String metric) throws CelEvaluationException {
    return worst("rate", name, metric, t -> slope(t, span(window)));
  }

  /** Median of the time before the incident, but for the last minutes before it. */
  double before(String name, @Nullable String metric) throws CelEvaluationException {
    long untilMs = readings.incidentAt().minus(config.beforeGap()).toEpochMilli();
    var signal = signal(name);
    double found = Double.NaN;
    for (Readings.Track track : judged(name, metric)) {
      double[] earlier = values(track, Long.MIN_VALUE, untilMs);
      if (earlier.length < BEFORE_SAMPLES_MIN) continue;
      found = worse(found, quantile(earlier, 0.5).orElseThrow(), side(track, signal));
    }
    if (Double.isNaN(found)) throw noData("before", name, metric, "too little known of the time");
    return found;
  }

  /** No fresh sample of the signal, while there are some of others: else nothing can be said. */
  boolean absent(String name, @Nullable String metric) throws CelEvaluationException {
    return count(name, metric) == 0;
  }

  /** How many series are fresh. */
  long count(String name, @Nullable String metric) throws CelEvaluationException {
    boolean heard =
        readings.tracks().values().stream().flatMap(List::stream).anyMatch(this::isFresh);
    if (!heard) throw noData("count", name, metric, "no fresh sample of any signal");
    return tracks(name, metric).stream().filter(this::isFresh).count();
  }

  private double folded(
      String function, String name, String window, @Nullable String metric, boolean highest)
      throws CelEvaluationException {
    double found = Double.NaN;
    for (Readings.Track track : judged(name, metric)) {
      if (!isFresh(track)) continue;
      for (double value : within(track, window)) {
        found = worse(found, value, highest ? Direction.UP : Direction.DOWN);
      }
    }
    if (Double.isNaN(found)) throw noData(function, name, metric, "no fresh sample");
    return found;
  }

  private double worst(
      String function,
      String name,
      @Nullable String metric,
      Function<Readings.Track, OptionalDouble> value)
      throws CelEvaluationException {
    var signal = signal(name);
    double found = Double.NaN;
    for (Readings.Track track : judged(name, metric)) {
      if (!isFresh(track)) continue;
      OptionalDouble one = value.apply(track);
      if (one.isPresent()) found = worse(found, one.getAsDouble(), side(track, signal));
    }
    if (Double.isNaN(found)) throw noData(function, name, metric, "no fresh sample");
    return found;
  }

  private static double worse(double one, double other, Direction side) {
    if (Double.isNaN(one)) return other;
    return side == Direction.UP ? Math.max(one, other) : Math.min(one, other);
  }

  private List<Readings.Track> tracks(String name, @Nullable String metric) {
    var signal = signal(name);
    if (signal == null) return List.of(); // refused when the expression was checked
    var tracks = readings.tracks().getOrDefault(signal, List.of());
    if (metric == null) return tracks;
    return tracks.stream().filter(t -> t.metric().equals(metric)).toList();
  }

  /** Without limits and rests; of one bad side where the series disagree. */
  private List<Readings.Track> judged(String name, @Nullable String metric) {
    var tracks = tracks(name, metric);
    if (metric != null) return tracks;
    var values =
        tracks.stream()
            .filter(t -> t.part() != LimitPart.Role.LIMIT && t.part() != LimitPart.Role.FREE)
            .toList();
    Direction usual = usual(signal(name));
    var usualOnes = values.stream().filter(t -> t.worse() == null || t.worse() == usual).toList();
    return usualOnes.isEmpty() ? values : usualOnes;
  }

  private static Direction side(Readings.Track track, @Nullable Signal signal) {
    return track.worse() != null ? track.worse() : usual(signal);
  }

  private static Direction usual(@Nullable Signal signal) {
    return signal == Signal.HEALTH || signal == Signal.REPLICAS ? Direction.DOWN : Direction.UP;
  }

  private boolean isFresh(Readings.Track track) {
    int newest = newestAt(track);
    if (newest < 0) return false;
    long trustedMs = Math.max(config.staleAfter().toMillis(), 2 * intervalMs(track, newest));
    return atMs - track.timesMs()[newest] <= trustedMs;
  }

  private double newest(Readings.Track track) {
    return track.values()[newestAt(track)];
  }

  /** Index of the newest finite sample that is not in the future, or -1. */
  private int newestAt(Readings.Track track) {
    for (int i = track.timesMs().length - 1; i >= 0; i--) {
      if (track.timesMs()[i] <= atMs && Double.isFinite(track.values()[i])) return i;
    }
    return -1;
  }

  private static long intervalMs(Readings.Track track, int newest) {
    int count = Math.min(INTERVALS_LOOKED_AT, newest);
    if (count == 0) return 0;
    var gaps = new long[count];
    for (int i = 0; i < count; i++) {
      gaps[i] = track.timesMs()[newest - i] - track.timesMs()[newest - i - 1];
    }
    Arrays.sort(gaps);
    return Math.min(gaps[count / 2], INTERVAL_MAX_MS);
  }

  private double[] within(Readings.Track track, String window) {
    return values(track, atMs - span(window), atMs);
  }

  /** Finite samples later than one time and not later than another. */
  private double[] values(Readings.Track track, long afterMs, long untilMs) {
    var values = new double[track.values().length];
    int count = 0;
    long endMs = Math.min(untilMs, atMs);
    for (int i = 0; i < values.length; i++) {
      long timeMs = track.timesMs()[i];
      if (timeMs <= afterMs || timeMs > endMs || !Double.isFinite(track.values()[i])) continue;
      values[count++] = track.values()[i];
    }
    return Arrays.copyOf(values, count);
  }

  private OptionalDouble slope(Readings.Track track, long windowMs) {
    double n = 0, sumT = 0, sumV = 0, sumTt = 0, sumTv = 0;
    for (int i = 0; i < track.values().length; i++) {
      long timeMs = track.timesMs()[i];
      double value = track.values()[i];
      if (timeMs <= atMs - windowMs || timeMs > atMs || !Double.isFinite(value)) continue;
      double seconds = (timeMs - atMs) / 1000.0;
      n++;
      sumT += seconds;
      sumV += value;
      sumTt += seconds * seconds;
      sumTv += seconds * value;
    }
    double spread = n * sumTt - sumT * sumT;
    if (n < SLOPE_SAMPLES_MIN || spread <= 0) return OptionalDouble.empty();
    return OptionalDouble.of((n * sumTv - sumT * sumV) / spread);
  }

  /** Between the two nearest, in proportion, as Prometheus' quantile_over_time does. */
  private static OptionalDouble quantile(double[] values, double q) {
    if (values.length == 0) return OptionalDouble.empty();
    Arrays.sort(values);
    double rank = Math.clamp(q, 0, 1) * (values.length - 1);
    int low = (int) Math.floor(rank);
    int high = Math.min(low + 1, values.length - 1);
    return OptionalDouble.of(values[low] + (rank - low) * (values[high] - values[low]));
  }

  private static long span(String window) {
    return io.prunella.yaml.YamlMap.span(window).orElse(Duration.ZERO).toMillis();
  }

  private CelEvaluationException noData(
      String function, String name, @Nullable String metric, String why) {
    var asked = metric == null ? name : name + ", " + metric;
    missing.add("%s(%s) has no answer: %s".formatted(function, asked, why));
    return new CelEvaluationException(missing.getLast());
  }
}
