package io.prunella.train;

import io.prunella.train.Hits.Count;
import io.prunella.train.Labelled.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The figures of one way to score over one set of series: what {@code evaluate} reports. Names are
 * keys of {@link #values()}; a figure that the set cannot give is left out.
 *
 * @param set name of the set
 * @param values name to figure, in the order to show
 */
record Figures(String set, Map<String, Double> values) {
  /** Rows within which a segment must be found, as the KPI challenge has it. */
  static final int DELAY_MAX = 7;

  private static final double[] P_AT = {0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001};

  private static final int PLACES = 10_000;

  /** A series with its scores, from its first row that counts. */
  private record Part(double[] scores, List<Segment> segments, double[] values) {
    int rows() {
      return scores.length;
    }

    Part first() {
      return cut(0, rows() / 2);
    }

    Part second() {
      return cut(rows() / 2, rows());
    }

    private Part cut(int from, int to) {
      return new Part(
          Arrays.copyOfRange(scores, from, to), Labelled.cut(segments, from, to), values);
    }
  }

  /**
   * Measures.
   *
   * @param nab whether segments are NAB's windows, which its own scorer understands
   * @param scoring what to measure, stage 1 or a peer
   * @param seed of the random baselines
   * @param step called after each series
   */
  static Figures of(
      String set,
      List<Labelled> all,
      boolean nab,
      Function<Labelled, Scores> scoring,
      long seed,
      Runnable step) {
    var values = new LinkedHashMap<String, Double>();
    var parts = new ArrayList<Part>();
    var files = new ArrayList<Nab.Scored>();
    var raised = new Raised();
    var volumes = new ArrayList<Double>();
    var even = new Random(seed);
    var evenPoints = new ArrayList<Double>();
    var evenEvents = new ArrayList<Double>();
    double rows = 0;
    for (Labelled series : all) {
      Scores scores = scoring.apply(series);
      rows += series.rows();
      raised.add(series, scores);
      if (nab) files.add(new Nab.Scored(scores.scores(), series.segments()));
      var part = part(series, scores.scores());
      if (!part.segments().isEmpty()) {
        parts.add(part);
        volumes.add(Vus.pr(part.scores(), part.segments(), Vus.period(part.values())));
        evenPoints.add(baseline(part, Count.ADJUSTED_POINT, even));
        evenEvents.add(baseline(part, Count.EVENT, even));
      }
      step.run();
    }
    values.put("series", (double) all.size());
    values.put("rows", rows);
    values.put("segments", (double) parts.stream().mapToInt(p -> p.segments().size()).sum());
    if (nab) nab(values, files, raised.hasVerdicts());
    if (!parts.isEmpty()) {
      values.put("vus-pr", mean(volumes, v -> v));
      byThreshold(values, parts, "event-f1", Count.EVENT);
      values.put("event-f1-random", mean(evenEvents, v -> v));
      byThreshold(values, parts, "delay7-f1", Count.ADJUSTED_POINT);
      values.put("delay7-f1-random", mean(evenPoints, v -> v));
    }
    raised.tell(values);
    return new Figures(set, values);
  }

  private static Part part(Labelled series, double[] scores) {
    int from = series.from();
    int to = series.rows();
    var finite = Arrays.copyOfRange(series.values(), from, to);
    for (int i = 0; i < finite.length; i++) {
      if (!Double.isFinite(finite[i])) finite[i] = i == 0 ? 0 : finite[i - 1];
    }
    return new Part(
        Arrays.copyOfRange(scores, from, to), Labelled.cut(series.segments(), from, to), finite);
  }

  private static double baseline(Part part, Count count, Random random) {
    return Hits.random(part.rows(), part.segments(), DELAY_MAX, count, random);
  }

  private static void nab(
      Map<String, Double> values, List<Nab.Scored> files, boolean hasThreshold) {
    for (Nab.Profile profile : Nab.Profile.values()) {
      String name = name(profile);
      var best = Nab.best(files, profile);
      values.put(name, best.score());
      values.put(name + "-threshold", best.threshold());
      values.put(name + "-leave-one-out", Nab.leaveOneOut(files, profile));
      if (hasThreshold) values.put(name + "-shipped", Nab.at(files, profile, 1).score());
    }
  }

  private static String name(Nab.Profile profile) {
    return switch (profile) {
      case STANDARD -> "nab";
      case LOW_FP -> "nab-low-fp";
      case LOW_FN -> "nab-low-fn";
    };
  }

  /** The best threshold of each series, in hindsight; and that of its first half on its second. */
  private static void byThreshold(
      Map<String, Double> values, List<Part> parts, String name, Count count) {
    values.put(name, mean(parts, p -> best(p, count).hits().f1()));
    var halves =
        parts.stream()
            .filter(p -> !p.first().segments().isEmpty() && !p.second().segments().isEmpty())
            .toList();
    if (halves.isEmpty()) return;
    var held = halves.stream().map(p -> at(p.second(), count, best(p.first(), count))).toList();
    values.put(name + "-held-out", mean(held, Hits::f1));
    var sum = held.stream().reduce(Hits.NONE, Hits::plus);
    values.put(name + "-held-out-pooled", sum.f1());
  }

  private static Hits.Chosen best(Part part, Count count) {
    return Hits.best(part.scores(), part.segments(), DELAY_MAX, count);
  }

  private static Hits at(Part part, Count count, Hits.Chosen chosen) {
    return Hits.at(part.scores(), part.segments(), DELAY_MAX, count, chosen.threshold());
  }

  private static <T> double mean(List<T> of, ToDoubleFunction<T> figure) {
    return of.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /**
   * What NAB's score is when the files held out choose neither settings nor threshold: each file
   * alone, and all of its folder with it.
   */
  Figures withNested(List<Labelled> all) {
    var files = new ArrayList<List<Nab.Scored>>();
    for (var setting : NabNested.settings()) {
      files.add(
          all.stream()
              .map(s -> new Nab.Scored(Scores.of(s, setting).scores(), s.segments()))
              .toList());
    }
    int[] alone = IntStream.range(0, all.size()).toArray();
    var folders = all.stream().map(s -> s.name().replaceFirst("/.*", "")).distinct().toList();
    int[] together =
        all.stream().mapToInt(s -> folders.indexOf(s.name().replaceFirst("/.*", ""))).toArray();
    var more = new LinkedHashMap<>(values);
    for (Nab.Profile profile : Nab.Profile.values()) {
      String name = name(profile) + "-nested";
      more.put(name, NabNested.score(files, alone, profile));
      more.put(name + "-by-folder", NabNested.score(files, together, profile));
    }
    return new Figures(set, more);
  }

  /** What the anomalies that stage 1 opens by itself find, and whether its p mean what they say. */
  private static final class Raised {
    private double days;
    private long segments;
    private long found;
    private long falseAlarms;
    private final List<Double> delays = new ArrayList<>();
    private final long[] below = new long[P_AT.length];
    private final long[] places = new long[PLACES];
    private long calm;

    void add(Labelled series, Scores scores) {
      days += series.days();
      boolean[] odd = series.odd();
      boolean[] open = scores.open();
      for (int i = Math.max(1, series.from()); i < open.length; i++) {
        if (open[i] && !open[i - 1] && !odd[i]) falseAlarms++;
        if (odd[i] || scores.surprises()[i] == 0) continue;
        calm++;
        double p = Math.exp(-scores.surprises()[i]);
        places[(int) Math.min(PLACES - 1, p * PLACES)]++;
        for (int k = 0; k < P_AT.length; k++) if (p <= P_AT[k]) below[k]++;
      }
      for (Segment s : series.segments()) {
        if (s.from() < series.from()) continue;
        segments++;
        int i = s.from();
        while (i <= s.to() && !open[i]) i++;
        if (i > s.to()) continue;
        found++;
        delays.add((series.timesMs()[i] - series.timesMs()[s.from()]) / 1000.0);
      }
    }

    /** Kolmogorov and Smirnov's distance of p from evenly spread. */
    private double farthest() {
      double most = 0;
      long below = 0;
      for (int k = 0; k < PLACES; k++) {
        below += places[k];
        most = Math.max(most, Math.abs(below / (double) calm - (k + 1.0) / PLACES));
      }
      return most;
    }

    /** False for a peer that only ranks: it opens nothing, and no threshold ships with it. */
    boolean hasVerdicts() {
      return calm > 0;
    }

    void tell(Map<String, Double> values) {
      if (!hasVerdicts()) return;
      if (days > 0) values.put("false-alarms-per-series-day", falseAlarms / days);
      if (segments > 0) values.put("segments-raised", found / (double) segments);
      if (!delays.isEmpty()) {
        delays.sort(null);
        values.put("delay-seconds-median", delays.get(delays.size() / 2));
      }
      for (int k = 0; k < P_AT.length; k++) {
        values.put("p-below-" + P_AT[k], below[k] / (double) calm);
      }
      values.put("p-ks", farthest());
    }
  }
}
