package io.prunella.train;

import io.prunella.detect.DetectConfig;
import io.prunella.detect.Siblings;
import io.prunella.detect.Stage1;
import io.prunella.model.Card.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the series of one host are together, row by row: stage 1 over all of them in step, so that
 * nothing is known before its time. Immutable; any thread.
 */
final class Hosts {
  /** Nobody has siblings. */
  static final Hosts NONE = new Hosts(Map.of());

  private static final int CALM_EVERY = 20; // neighbours are alike

  private final Map<String, Siblings[]> rows;

  private Hosts(Map<String, Siblings[]> rows) {
    this.rows = rows;
  }

  /** The hosts that a question asks about; looking at them costs as much as at the series. */
  static Hosts of(Question question, List<Labelled> all) {
    return question == Question.OPENING ? of(all) : NONE;
  }

  /** The hosts of a set's series. */
  static Hosts of(List<Labelled> all) {
    var rows = new HashMap<String, Siblings[]>();
    byHost(all).forEach((host, series) -> rows.put(host, together(series)));
    return rows.isEmpty() ? NONE : new Hosts(rows);
  }

  /** Those series that have a host, by it. */
  static Map<String, List<Labelled>> byHost(List<Labelled> all) {
    var hosts = new LinkedHashMap<String, List<Labelled>>();
    for (Labelled one : all) {
      if (!one.host().isEmpty()) hosts.computeIfAbsent(one.host(), _ -> new ArrayList<>()).add(one);
    }
    return hosts;
  }

  private static Siblings[] together(List<Labelled> series) {
    var stage = new Stage1(DetectConfig.DEFAULTS);
    int traits = Stage1.traits(Scores.MEANING);
    var row = new double[stage.rowDoubles()];
    var sums = new Siblings[series.getFirst().rows()];
    Arrays.setAll(sums, _ -> new Siblings());
    for (Labelled one : series) {
      if (!Arrays.equals(one.timesMs(), series.getFirst().timesMs())) {
        throw new IllegalArgumentException(
            "%s has other times than %s of the same host"
                .formatted(one.name(), series.getFirst().name()));
      }
      stage.begin(row, 0, traits);
      for (int i = 0; i < sums.length; i++) {
        stage.observe(row, 0, traits, one.timesMs()[i], one.values()[i]);
        sums[i].add(row, 0);
      }
    }
    return sums;
  }

  /** Says what the siblings of one series are, for a candidate of its. */
  interface Around {
    /** Nobody knows of any. */
    Around NOBODY = (_, _, into, to) -> new Siblings().read(into, to);

    /**
     * Says so.
     *
     * @param row of the series, from 0
     * @param page the row of stage 1 that has taken the sample
     * @param into where {@link Siblings#NAMES} go, from {@code to} on; 0 where nobody knows of any
     */
    void read(int row, double[] page, double[] into, int to);
  }

  /** What lies around a series. */
  Around around(Labelled series) {
    var of = rows.get(series.host());
    if (of == null) return Around.NOBODY;
    return (row, page, into, to) -> {
      var own = new Siblings();
      own.add(page, 0);
      of[row].without(own).read(into, to);
    };
  }

  /**
   * What hosts are like while nobody calls anything of them odd: every so many rows of each.
   *
   * @param all the series that this was made of
   */
  List<Seen> calm(String set, List<Labelled> all) {
    var calm = new ArrayList<Seen>();
    byHost(all)
        .forEach((host, series) -> {
          var of = rows.get(host);
          if (of == null) return;
          var segments = series.stream().flatMap(one -> one.segments().stream()).toList();
          boolean[] odd = Labelled.odd(segments, of.length);
          String group = Seen.group(set, series.getFirst().name());
          for (int i = CALM_EVERY; i < odd.length; i += CALM_EVERY) {
            if (odd[i] || of[i].series() == 0) continue;
            var vector = new double[Siblings.NAMES.size()];
            of[i].read(vector, 0);
            calm.add(new Seen(set, group, 0, i, vector, false));
          }
        });
    return calm;
  }
}
