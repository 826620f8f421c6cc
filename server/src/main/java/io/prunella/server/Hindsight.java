package io.prunella.server;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Symptoms;
import io.prunella.series.Fingerprint;
import io.prunella.signal.Change;
import io.prunella.signal.Meaning;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What would have been raised: the watch and the grouping of a server without what acts. Samples of
 * the past go in, in order of time; the incidents that they would have opened come out, for several
 * settings of {@code detection.false-incidents-per-week} at once. The same samples give the same
 * incidents, however they are cut into windows. Nothing is kept on disk, nobody is told, nothing is
 * repaired: incidents end when their symptoms do. One thread.
 */
public final class Hindsight implements AutoCloseable {
  /** Simulated time between two turns. */
  private static final long TURN_MS = 15_000;

  /** After so long without any sample nobody has watched: turns are left out until one comes. */
  private static final long AWAY_MS = Duration.ofMinutes(10).toMillis();

  /** Settings of the knob at once. */
  public static final int SETTINGS_MAX = 100;

  /** What opened an incident. All but a surprise opens at every setting. */
  public enum Cause {
    SURPRISE,
    /** A limit that is reached, or will be soon. */
    LIMIT,
    /** A health check that failed. */
    CHECK,
    /** Another system's alert. */
    ALERT
  }

  /**
   * One incident.
   *
   * @param endedAt null when it is still open in the end
   * @param services all that it has touched, sorted
   * @param title as it was when it opened
   * @param severity {@code warning} or {@code critical}, as it was last
   * @param peak how many times the lines of grouping its surprises have reached; 0 when they did
   *     not open it
   * @param level what they had to reach when it opened, in the same unit
   */
  public record Raised(
      Instant openedAt,
      @Nullable Instant endedAt,
      List<String> services,
      String title,
      String severity,
      Cause cause,
      double peak,
      double level) {}

  /**
   * What one setting comes to.
   *
   * @param perWeek false incidents a week that were asked for
   * @param opened incidents that opened in the time that counts
   * @param openBefore incidents that were open when it began
   * @param level what surprises must reach in the end, in lines of grouping
   * @param candidatesPerWeek stretches a week in which a service came near to an incident
   * @param raised those that opened, in order of opening; of too many the first
   */
  public record Outcome(
      double perWeek,
      long opened,
      long openBefore,
      double level,
      double candidatesPerWeek,
      List<Raised> raised) {}

  private final Owned owned = new Owned();
  private final Watch watch;
  private final PastFeed feed;
  private final List<Course> courses = new ArrayList<>();
  private final List<Symptom> symptoms = new ArrayList<>(); // since the last turn
  private final List<Change> changes = new ArrayList<>();
  private Instant since = Instant.MAX;
  private long turnMs; // of the latest turn, or of one that was left out; 0 before the first sample
  private long newestMs; // sample

  /**
   * Begins.
   *
   * @param perWeek settings of the knob, each {@link AlarmBudget#PER_WEEK_MIN} to {@link
   *     AlarmBudget#PER_WEEK_MAX}; at least one, at most 100
   * @param from what opens before only teaches
   * @param seed of the tables' hashes; what comes out does not depend on it
   * @param types what is known of a metric's type; null when nothing is
   * @throws IllegalArgumentException when a setting is outside
   */
  public Hindsight(
      ConfigFile file,
      List<Double> perWeek,
      Instant from,
      long seed,
      Function<String, Meaning.@Nullable Type> types) {
    if (perWeek.isEmpty() || perWeek.size() > SETTINGS_MAX) {
      throw new IllegalArgumentException(
          "%d settings of the knob, wanted 1 to %d".formatted(perWeek.size(), SETTINGS_MAX));
    }
    Config config = file.config();
    for (double asked : perWeek) {
      courses.add(new Course(config.incidents(), AlarmBudget.of(asked), from));
    }
    // One shard: what waits is the reading, not the scoring.
    WatchConfig limits = config.watch().withShards(1).withDelivery(WatchConfig.Delivery.SETTLED);
    var fingerprint = new Fingerprint(seed);
    watch =
        owned.add(
            new Watch(
                limits,
                config.detection(),
                ModelShelf.opening(config.models(), file.folder()),
                fingerprint,
                file.catalogue(),
                types,
                anomaly -> symptoms.add(Symptoms.of(anomaly)),
                changes::add));
    feed = new PastFeed(watch, fingerprint, config.ingest().ha(), limits.seriesMax());
  }

  /**
   * Takes all samples of the next window of time.
   *
   * @param samples later than the window before, not later than {@code to}; each series once
   */
  public void take(List<PastSeries> samples, Instant to) {
    feed.window(samples);
    long toMs = to.toEpochMilli();
    if (turnMs == 0) {
      long first = Long.MAX_VALUE;
      for (PastSeries of : samples) if (of.size() > 0) first = Math.min(first, of.timeMs(0));
      if (first == Long.MAX_VALUE) return;
      since = Instant.ofEpochMilli(first);
      turnMs = Math.floorDiv(first, TURN_MS) * TURN_MS;
    }
    for (long at = turnMs + TURN_MS; at <= toMs; at += TURN_MS) turn(at);
    newestMs = Math.max(newestMs, feed.upTo(toMs));
  }

  private void turn(long nowMs) {
    turnMs = nowMs;
    newestMs = Math.max(newestMs, feed.upTo(nowMs));
    if (nowMs - newestMs > AWAY_MS) return;
    feed.end(nowMs);
    watch.settle(nowMs);
    var topology = watch.topology();
    for (Course course : courses) {
      course.turn(symptoms, changes, topology, Instant.ofEpochMilli(nowMs));
    }
    symptoms.clear();
    changes.clear();
  }

  /** What each setting comes to so far, in the order they were given. */
  public List<Outcome> outcomes() {
    return courses.stream().map(Course::outcome).toList();
  }

  /** Time of the first sample; far away when there was none. */
  public Instant since() {
    return since;
  }

  /** Samples that the watch has been given. */
  public long samples() {
    return feed.samples();
  }

  /** Series that have come; one that comes again after many hours counts twice. */
  public long series() {
    return feed.series();
  }

  /** Samples that were refused, such as those of series past {@code watch.series-max}. */
  public long refused() {
    return feed.refused();
  }

  /** What the first refusal was about; null when there was none. */
  public @Nullable String refusal() {
    return feed.refusal();
  }

  @Override
  public void close() {
    owned.close();
  }
}
