package io.prunella.train;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Agreement;
import io.prunella.diagnose.Standing;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Weighing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Weeks of services in which nothing is wrong, put together from calm series: each week takes
 * {@link #SERIES} series from a moment drawn at random on, once round their calm time (a block
 * bootstrap, the week being the block). Series that were seen together stay together where there
 * are enough of them, so that what makes all of a service's series odd at once does so here.
 */
final class CalmServices {
  static final int SERIES = 10;
  static final long WEEK_MS = 7 * 86_400_000L;
  private static final long QUIET_MS = 120_000;
  private static final long SPAN_MIN_MS = 3_600_000;

  /**
   * A stretch in which the statistic stood at the budget's floor or above.
   *
   * @param atMs when it began, within its week
   * @param peak of the statistic
   */
  record Candidate(long atMs, double peak) {}

  private record Said(long atMs, int series, CalmSeries.Word word, long shiftMs) {}

  private final List<CalmSeries> all = new ArrayList<>();
  private final Map<String, List<CalmSeries>> groups = new HashMap<>();

  /**
   * Puts services together from these.
   *
   * @throws IllegalArgumentException when no series has an hour of calm time
   */
  CalmServices(List<CalmSeries> series) {
    for (CalmSeries one : series) {
      if (one.spanMs() < SPAN_MIN_MS) continue;
      all.add(one);
      groups.computeIfAbsent(one.group(), _ -> new ArrayList<>()).add(one);
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "none of %d series has an hour without labels, wanted at least one"
              .formatted(series.size()));
    }
  }

  /** Draws one week of one service: its candidates, in order. */
  List<Candidate> week(SplittableRandom random) {
    var said = new ArrayList<Said>();
    CalmSeries first = all.get(random.nextInt(all.size()));
    var together = groups.getOrDefault(first.group(), List.of());
    boolean seenTogether = together.size() >= SERIES;
    double common = random.nextDouble();
    for (int i = 0; i < SERIES; i++) {
      CalmSeries one =
          seenTogether
              ? together.get((together.indexOf(first) + i) % together.size())
              : i == 0 ? first : all.get(random.nextInt(all.size()));
      long from = (long) ((seenTogether ? common : random.nextDouble()) * one.spanMs());
      say(one, i, from, said);
    }
    said.sort(Comparator.comparingLong(Said::atMs).thenComparingInt(Said::series));
    var run = new Run();
    said.forEach(run::take);
    return run.end();
  }

  /** What a series says in the week from a moment of its calm time on, round and round. */
  private static void say(CalmSeries series, int number, long from, List<Said> into) {
    for (long turn = 0; turn * series.spanMs() < from + WEEK_MS; turn++) {
      long shift = turn * series.spanMs() - from;
      for (var word : series.words()) {
        long at = word.atMs() + shift;
        if (at >= 0 && at < WEEK_MS) into.add(new Said(at, number, word, shift));
      }
    }
  }

  private static Symptom symptom(Said said) {
    var word = said.word();
    var anomaly = word.anomaly();
    return new Symptom(
        "series " + said.series(),
        anomaly.meaning().service(),
        "",
        anomaly.meaning().signal(),
        "series_" + said.series(),
        anomaly.direction(),
        anomaly.shape(),
        word.fromMs() + said.shiftMs(),
        0,
        said.atMs(),
        anomaly.value(),
        anomaly.expected(),
        anomaly.lower(),
        anomaly.upper(),
        anomaly.surprise(),
        anomaly.reason());
  }

  /** One service's week on its way. */
  private static final class Run {
    private static final Agreement.Lines LINES = Agreement.Lines.DEFAULTS;
    private static final long NEVER = -1;

    private final TreeMap<Integer, Symptom> open = new TreeMap<>();
    private final List<Candidate> found = new ArrayList<>();
    private Standing standing = Standing.NONE;
    private double peak;
    private long begunMs = NEVER;
    private long lowSinceMs = NEVER;

    void take(Said said) {
      long at = said.atMs();
      advance(at);
      boolean begunBefore = said.word().fromMs() + said.shiftMs() < 0; // the week
      if (!said.word().open()) open.remove(said.series());
      else if (!begunBefore) open.put(said.series(), symptom(said));
      var agreement = Agreement.of(Weighing.of(open.values()), LINES);
      standing = standing.then(at, agreement, LINES);
      double height = Math.max(agreement.most(), standing.statistic(at, open.values(), LINES));
      if (height < AlarmBudget.FLOOR) {
        if (lowSinceMs == NEVER) lowSinceMs = at;
        return;
      }
      if (lowSinceMs != NEVER && at - lowSinceMs > QUIET_MS) flush();
      lowSinceMs = NEVER;
      if (begunMs == NEVER) begunMs = at;
    }

    /** Between words nothing changes but time: the statistic is highest just before the next. */
    private void advance(long atMs) {
      double statistic = standing.statistic(atMs, open.values(), LINES);
      if (statistic < AlarmBudget.FLOOR) return;
      peak = Math.max(peak, statistic);
      if (begunMs == NEVER) begunMs = atMs;
    }

    private void flush() {
      if (peak > 0) found.add(new Candidate(begunMs, peak));
      peak = 0;
      begunMs = NEVER;
    }

    List<Candidate> end() {
      advance(WEEK_MS);
      flush();
      return found;
    }
  }
}
