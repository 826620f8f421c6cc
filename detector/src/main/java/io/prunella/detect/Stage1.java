package io.prunella.detect;

import static io.prunella.detect.Row.*;

import io.prunella.series.Labels;
import io.prunella.signal.Direction;
import io.prunella.signal.Meaning;
import io.prunella.signal.Shape;
import org.jspecify.annotations.Nullable;

// Long because: the way of a sample is read in one place.
/**
 * The first question of detection, for every sample of every series: how surprising is it, given
 * what came before; and when do surprises add up to an anomaly. Stateless code over rows of {@link
 * #rowDoubles()} doubles; a row belongs to the thread that owns its page, the code to any. No
 * clock: time is what samples and ticks say. Nothing is allocated but by {@link #describe}.
 */
public final class Stage1 {
  /*
   * Expectation: level and trend, exponentially weighted under irregular sampling [1], the error clipped at a few spreads
   * [2]; time constants in seconds, but never fewer than some samples. The spread is the mean clipped error, with floors:
   * a share of the level, what matters in the unit, and for counts what chance alone makes, √(λ+1). z = error / spread,
   * and the tails of one's own past z turn it into −ln p (see Tail), capped at ln(n+1) + ln 10 while few samples were seen.
   * Where a season has proved itself the level goes up and down with it, and what would be usual an hour earlier or later is
   * not odd (see Season).
   *
   * Anomaly: surprise above evidenceStep adds up, each side for itself, the rest subtracts (Page's CUSUM [3], on −ln p so
   * that one threshold serves all series). A series whose evidence often rises for nothing gets used to it (HABIT). A
   * distance far beyond any of the last day, a drop to 0 and a rise from always 0 open at once. While an anomaly is open
   * level, spread and tails stand still. What is odd at the same hour every day opens no more (Daily).
   *
   * [1] Eckner, Algorithms for Unevenly Spaced Time Series, 2012.
   * [2] Gelper, Fried, Croux, Robust Forecasting with Exponential and Holt-Winters Smoothing, 2010.
   * [3] Page, Continuous Inspection Schemes, 1954.
   */
  public static final int QUIET = 0;

  /** An anomaly opened: ask {@link #describe}. */
  public static final int OPENED = 1;

  /** The open anomaly has changed notably: ask {@link #describe}. */
  public static final int CHANGED = 2;

  /** The anomaly is over: ask {@link #describe}. */
  public static final int CLOSED = 4;

  static final double VALUE_MAX = 1e100; // its square is still finite
  static final double VALUE_MIN = 1e-100; // smaller is 0: denormals cost a hundredfold
  private static final double LN_10 = Math.log(10);
  static final double DAY_SECONDS = 86_400;
  private static final double GOOD_NEWS = 0.7; // weight of surprise on the side that is not worse
  private static final double HABIT_WEIGHT = 1.5;
  private static final double HABIT_MAX = 3; // times evidenceOpen
  private static final double SPARSE_MAX = 16;
  private static final double LIKENESS_WEIGHT = 0.8;
  private static final int RUN_LEARNT_MAX = 3;

  private final DetectConfig config;
  private final Episode episode;
  private final Normal normal;

  private final @Nullable RankConfig rank;

  /** Detects only: what a server does for each of its series. */
  public Stage1(DetectConfig config) {
    this(config, null);
  }

  private Stage1(DetectConfig config, @Nullable RankConfig rank) {
    this.rank = rank;
    this.config = config;
    this.episode = new Episode(config);
    this.normal = new Normal(config);
  }

  /** Detects, and ranks every sample by {@link #score}, which costs more than detecting. */
  public static Stage1 ranking(DetectConfig config, RankConfig rank) {
    return new Stage1(config, rank);
  }

  /** Doubles that one row takes. */
  public int rowDoubles() {
    return rank != null ? ODDNESS + Oddness.DOUBLES : DOUBLES;
  }

  /**
   * What the detector needs of a series' meaning; chosen once per series and handed in with each
   * call.
   */
  public static int traits(Meaning meaning) {
    return Traits.of(meaning);
  }

  /** Makes the row that of a series never seen. */
  public void begin(double[] page, int at, int traits) {
    java.util.Arrays.fill(page, at, at + rowDoubles(), 0);
    page[at + SEEN] = Double.NaN;
    if (rank != null) Oddness.begin(page, at + ODDNESS);
    unlearn(page, at);
  }

  /** Forgets what was normal; the anomaly and the time of the last sample stay. */
  private static void unlearn(double[] page, int at) {
    page[at + RAW_TIME] = Double.NaN;
    page[at + SCORED] = Double.NaN;
    page[at + SCORED_TIME] = Double.NaN;
    page[at + COUNT] = 0;
    page[at + TREND] = 0;
    page[at + ERROR] = 0;
    page[at + GAP] = 0;
    page[at + GAP_LONGEST] = 0;
    page[at + ZEROS] = 0;
    page[at + LATELY] = 0;
    page[at + OVER_DAY] = 0;
    page[at + Z_LONGEST] = 4;
    page[at + HABIT] = 0;
    page[at + EXPECTED] = Double.NaN;
    Tail.begin(page, at + TAIL_UP);
    Tail.begin(page, at + TAIL_DOWN);
    Season.begin(page, at + SEASON);
    Episode.calm(page, at);
  }

  /**
   * Takes the next sample. A time that is not after the last one is no sample: nothing changes. NaN
   * and infinities say that the series is alive and nothing else; a counter that fell was reset,
   * and scores nothing.
   *
   * @param timeMs milliseconds since the epoch
   * @return bits of {@link #OPENED}, {@link #CHANGED}, {@link #CLOSED}, or {@link #QUIET}
   */
  public int observe(double[] page, int at, int traits, long timeMs, double value) {
    if (!Traits.isWatched(traits)) return QUIET;
    double gap = (timeMs - page[at + SEEN]) / 1000; // NaN before the first
    if (gap <= 0) return QUIET;
    if (page[at + DAILY] != 0) Daily.pass(page, at, page[at + SEEN], timeMs);
    page[at + SEEN] = timeMs;
    int flags = wake(page, at, timeMs, gap);
    if (!Double.isFinite(value)) return flags;
    if (!Traits.isScored(traits)) {
      page[at + SCORED] = value; // checks and the like are read as they are
      return flags;
    }
    double x = Math.abs(value) < VALUE_MIN ? 0 : Math.clamp(value, -VALUE_MAX, VALUE_MAX);
    if (Traits.isCounter(traits)) {
      x = rate(page, at, timeMs, x);
      if (Double.isNaN(x)) return flags; // no rate yet, or a reset
    } else if (x != Math.rint(x)) {
      raise(page, at, FRACTIONAL);
    }
    return flags | score(page, at, traits, timeMs, x);
  }

  /** A sample of some kind is there again: ends silence and pauses, learns the gap. */
  private int wake(double[] page, int at, long timeMs, double gap) {
    if (Double.isNaN(gap)) return QUIET;
    int flags = QUIET;
    boolean paused = has(page, at, PAUSED);
    boolean forgets = normal.forgets(page, at, gap);
    boolean over = paused || forgets; // whether a tick has seen it or not
    if (has(page, at, SILENT) || (over && isOpen(page, at))) {
      episode.close(page, at, timeMs);
      flags = CLOSED;
    }
    lower(page, at, SILENT | PAUSED);
    if (rank != null && gap > Normal.MONTH_SECONDS) Oddness.begin(page, at + ODDNESS);
    if (forgets) {
      unlearn(page, at);
    } else if (paused) {
      page[at + RAW_TIME] = Double.NaN;
    } else {
      double usual = page[at + GAP];
      double share = Math.max(0.02, 1 / (page[at + COUNT] + 1));
      page[at + GAP] = usual == 0 ? gap : usual + share * (Math.min(gap, 3 * usual) - usual);
      double longest = page[at + GAP_LONGEST] * (1 - Math.min(1, gap / DAY_SECONDS));
      page[at + GAP_LONGEST] = Math.max(gap, longest);
    }
    return flags;
  }

  /** A counter's growth per second since its last value; NaN when there is none. */
  private static double rate(double[] page, int at, long timeMs, double raw) {
    double before = page[at + RAW];
    double seconds = (timeMs - page[at + RAW_TIME]) / 1000;
    page[at + RAW] = raw;
    page[at + RAW_TIME] = timeMs;
    if (raw != Math.rint(raw)) raise(page, at, FRACTIONAL);
    return Growth.perSecond(before, raw, seconds);
  }

  private int score(double[] page, int at, int traits, long timeMs, double x) {
    double count = page[at + COUNT];
    double seenMs = page[at + SCORED_TIME];
    double seconds = count == 0 ? 0 : (timeMs - seenMs) / 1000;
    if (rank != null) {
      Oddness.observe(rank, page, at + ODDNESS, timeMs, x, page[at + SCORED], page[at + GAP]);
    }
    page[at + SCORED] = x;
    page[at + SCORED_TIME] = timeMs;
    if (x < 0) raise(page, at, NEGATIVE);
    if (count == 0) return first(page, at, timeMs, x);
    double age = timeMs - page[at + BORN];
    int season = at + SEASON;
    boolean due = Season.isDue(seenMs, timeMs);
    if (due) page[at + LEVEL] += Season.change(page, season, seenMs, timeMs, age);
    double expected = page[at + LEVEL] + page[at + TREND] * seconds;
    double least = normal.least(page, at, traits, expected, seconds);
    double spread = Normal.spread(page, at, least);
    double z = (x - expected) / spread;
    boolean cold = count < config.learnSamples();
    double surprise = cold ? 0 : surprise(page, at, z);
    if (surprise >= config.closeSurprise()) {
      z = Season.shifted(page, season, timeMs, x - expected, age) / spread;
      surprise = surprise(page, at, z);
    }
    double before = page[at + Z];
    boolean counts = Traits.counts(traits) && !has(page, at, FRACTIONAL);
    double sparse = counts ? Sparse.surprise(page, at, traits, x * seconds, seconds) : 0;
    if (!cold && sparse > 0) surprise = Math.max(surprise, Math.min(sparse, SPARSE_MAX));
    page[at + EXPECTED] = cold ? Double.NaN : expected;
    page[at + SPREAD] = spread;
    page[at + SURPRISE] = surprise;
    page[at + Z] = z;
    if (isOpen(page, at)) return goOn(page, at, traits, timeMs, x, seconds);
    boolean opens = !cold && weigh(page, at, traits, timeMs, x, seconds);
    if (opens || (!cold && sparse >= config.evidenceOpen())) return open(page, at, timeMs, x);
    if (counts) Sparse.learn(page, at, x * seconds, seconds);
    if (cold || page[at + RUN_COUNT] == 0) Normal.likeness(page, at, before, z);
    normal.learn(page, at, x, z, spread, seconds);
    if (due) Season.learn(page, season, timeMs, x, seconds, age, least);
    return QUIET;
  }

  private static int first(double[] page, int at, long timeMs, double x) {
    page[at + LEVEL] = x;
    page[at + COUNT] = 1;
    page[at + ZEROS] = x == 0 ? 1 : 0;
    page[at + BORN] = timeMs;
    return QUIET;
  }

  /** One more sample while an anomaly is open: the level stands. */
  private int goOn(double[] page, int at, int traits, long timeMs, double x, double seconds) {
    double z = page[at + Z];
    double surprise = page[at + SURPRISE];
    page[at + LEVEL] += page[at + TREND] * seconds;
    page[at + TREND] *=
        config.levelSeconds() / (config.levelSeconds() + seconds); // does not run away
    // Past the expectation on the good side is as good as back: a repair may leave more room than
    // there was.
    boolean better = z * page[at + PEAK_Z] < 0 && Traits.isGoodNews(traits, z);
    if (surprise >= config.closeSurprise()) Daily.mark(page, at, timeMs, z);
    int flags = episode.go(page, at, timeMs, x, z, better ? 0 : surprise);
    if ((flags & CLOSED) != 0) page[at + EXPECTED] = page[at + LEVEL];
    return flags;
  }

  /** Opens an anomaly, unless the series is odd every day at this hour. */
  private int open(double[] page, int at, long timeMs, double x) {
    double z = page[at + Z];
    double surprise = page[at + SURPRISE];
    boolean usual = Daily.isUsual(page, at, timeMs, z);
    if (surprise >= config.closeSurprise()) Daily.mark(page, at, timeMs, z);
    if (usual) {
      Daily.bear(page, at, page[at + EXPECTED], config.evidenceOpen());
      return QUIET;
    }
    episode.open(page, at, timeMs, x, z, surprise);
    return OPENED;
  }

  private static double surprise(double[] page, int at, double z) {
    double s =
        z >= 0 ? Tail.surprise(page, at + TAIL_UP, z) : Tail.surprise(page, at + TAIL_DOWN, -z);
    // Math.log only where it can matter: n >= 30 allows at least 5.7
    return s < 5.7 ? s : Math.min(s, Math.log(page[at + COUNT] + 1) + LN_10);
  }

  /** Adds up evidence; true when an anomaly opens. */
  private boolean weigh(double[] page, int at, int traits, long timeMs, double x, double seconds) {
    double z = page[at + Z];
    double surprise = page[at + SURPRISE];
    double worth = Traits.isGoodNews(traits, z) ? GOOD_NEWS * surprise : surprise;
    double like = Math.max(0, page[at + LIKENESS] / (page[at + SQUARE] + 0.1));
    double step = config.evidenceStep() * (1 + LIKENESS_WEIGHT * like * like);
    int mine = z >= 0 ? EVIDENCE_UP : EVIDENCE_DOWN;
    int other = z >= 0 ? EVIDENCE_DOWN : EVIDENCE_UP;
    double evidence = Math.max(0, page[at + mine] + worth - step);
    page[at + mine] = evidence;
    page[at + other] = Math.max(0, page[at + other] - step);
    double habit = page[at + HABIT] * (1 - Math.min(1, seconds / DAY_SECONDS));
    page[at + HABIT] = habit;
    if (evidence == 0 && page[at + other] == 0) {
      if (page[at + RUN_COUNT] > 0) {
        page[at + HABIT] = Math.max(habit, page[at + RUN_PEAK]);
        // It was nothing after all: now its distances count for how rare such distances are.
        for (int i = (int) Math.min(RUN_LEARNT_MAX, page[at + RUN_COUNT]); i > 0; i--) {
          Normal.learnTails(page, at, page[at + RUN_Z]);
        }
        Episode.calm(page, at);
      }
      return false;
    }
    if (page[at + RUN_COUNT]++ == 0) page[at + RUN_FROM] = timeMs;
    if (Math.abs(z) > Math.abs(page[at + RUN_Z])) page[at + RUN_Z] = z;
    page[at + RUN_PEAK] = Math.max(page[at + RUN_PEAK], evidence);
    double open =
        Math.clamp(HABIT_WEIGHT * habit, config.evidenceOpen(), HABIT_MAX * config.evidenceOpen());
    return evidence >= open || Episode.isAtOnce(page, at, x, z, worth);
  }

  /**
   * The series has ended, as a stale marker says: no score, and no silence. An anomaly that was
   * open is closed by the next {@link #silence} or {@link #observe}.
   */
  public void pause(double[] page, int at) {
    raise(page, at, PAUSED);
    page[at + RAW_TIME] = Double.NaN;
  }

  /**
   * Asks whether samples have stopped coming; for every row, once a tick.
   *
   * @return as {@link #observe}
   */
  public int silence(double[] page, int at, int traits, long nowMs) {
    if (has(page, at, PAUSED)) {
      if (!isOpen(page, at)) return QUIET;
      lower(page, at, SILENT);
      episode.close(page, at, page[at + SEEN]);
      return CLOSED;
    }
    if (has(page, at, SILENT) || !Traits.isWatched(traits)) return QUIET;
    double gap = (nowMs - page[at + SEEN]) / 1000;
    if (!(gap > config.silenceSeconds())) return QUIET;
    double usual = page[at + GAP];
    double longest = page[at + GAP_LONGEST];
    boolean known =
        usual > 0 && (!Traits.isScored(traits) || page[at + COUNT] >= config.learnSamples());
    if (!known || gap <= config.silenceGaps() * usual || gap <= 2 * longest) return QUIET;
    double surprise = Math.min(Math.log(page[at + COUNT] + 1) + LN_10, gap / usual);
    return episode.fallSilent(page, at, surprise);
  }

  /** True when the last sample had a score: the series is warm. */
  public boolean isScored(double[] page, int at) {
    return !Double.isNaN(page[at + EXPECTED]);
  }

  /** Last value as scored, a rate per second for counters; NaN when there is none. */
  public double scored(double[] page, int at) {
    return page[at + SCORED];
  }

  /** Surprise of the last sample in nats, −ln p; 0 while cold. */
  public double surprise(double[] page, int at) {
    return page[at + SURPRISE];
  }

  /**
   * How odd the last sample looks beside all before it, for ranking: at least 1 for an event, below
   * 1 for what goes on or is only somewhat odd; 0 for the first dozen samples. Unlike an anomaly it
   * is said of rows, not of stretches, and it pages nobody: novelty, which counts here, is no harm
   * by itself, and neither is to guess early.
   */
  public double score(double[] page, int at) {
    if (rank == null)
      throw new IllegalStateException("this stage does not rank, wanted Stage1.ranking");
    return Oddness.score(page, at + ODDNESS);
  }

  /** True while an anomaly is open. */
  public boolean isAnomalous(double[] page, int at) {
    return isOpen(page, at);
  }

  /**
   * What was expected of the last sample, before it was learnt: expectation, lower and upper end;
   * NaN while cold.
   */
  public void band(double[] page, int at, double[] expectedLowerUpper) {
    double expected = page[at + EXPECTED];
    double spread = page[at + SPREAD];
    double lower = expected - spread * Tail.edge(page, at + TAIL_DOWN);
    expectedLowerUpper[0] = expected;
    expectedLowerUpper[1] = has(page, at, NEGATIVE) || !(lower < 0) ? lower : 0;
    expectedLowerUpper[2] = expected + spread * Tail.edge(page, at + TAIL_UP);
  }

  /**
   * The anomaly that is open, or the one that was closed last.
   *
   * @throws IllegalStateException when the series never had one
   */
  public Anomaly describe(double[] page, int at, Labels labels, Meaning meaning, long nowMs) {
    if (page[at + STATE] == NONE) {
      throw new IllegalStateException("series %s has had no anomaly".formatted(labels));
    }
    var shape = Shape.values()[(int) page[at + SHAPE]];
    boolean silent = shape == Shape.SILENCE;
    var band = new double[] {Double.NaN, Double.NaN, Double.NaN};
    if (!silent) band(page, at, band);
    var direction = page[at + PEAK_Z] > 0 ? Direction.UP : Direction.DOWN;
    return new Anomaly(
        labels,
        meaning,
        shape,
        direction,
        (long) page[at + FROM],
        (long) page[at + TO],
        silent ? nowMs : (long) page[at + SEEN],
        page[at + SCORED],
        band[0],
        band[1],
        band[2],
        page[at + PEAK_SURPRISE],
        silent ? Words.silence(page, at, nowMs) : Words.surprise(page, at, meaning));
  }
}
