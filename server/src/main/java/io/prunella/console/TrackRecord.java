package io.prunella.console;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How past proposals fared, by the confidence they had when they were made. Below {@link
 * #CASES_MIN} cases no rate is told, since it would say more than is known.
 *
 * @param buckets from 50–60 to 90–100 per cent
 * @param here the bucket that a new proposal falls in, or −1 below 50
 */
record TrackRecord(List<Bucket> buckets, int here) {
  /** Fewer cases than this are too few to tell. */
  static final int CASES_MIN = 20;

  /** Normal quantile of a two-sided 95 % interval. */
  private static final double Z = 1.959964;

  /**
   * @param from lower end in per cent
   * @param worked of {@code tried} cases
   */
  record Bucket(int from, int worked, int tried) {
    boolean tells() {
      return tried >= CASES_MIN;
    }

    String name() {
      return from + "–" + (from + 10);
    }

    long percent() {
      return Math.round(100.0 * worked / tried);
    }
  }

  /**
   * Of those that ran to an end: a success counts as worked, everything else that touched the
   * target does not.
   */
  static TrackRecord of(Collection<Remediation> past, double confidence) {
    int[] worked = new int[5];
    int[] tried = new int[5];
    for (Remediation one : past) {
      int bucket = bucketOf(one.confidence().value());
      if (bucket < 0 || !one.status().isTerminal() || one.steps().isEmpty()) continue;
      tried[bucket]++;
      if (one.status() == Status.SUCCEEDED) worked[bucket]++;
    }
    var buckets = new ArrayList<Bucket>();
    for (int i = 0; i < 5; i++) buckets.add(new Bucket(50 + 10 * i, worked[i], tried[i]));
    return new TrackRecord(List.copyOf(buckets), bucketOf(confidence));
  }

  private static int bucketOf(double confidence) {
    return confidence < 0.5 ? -1 : Math.min(4, (int) ((confidence - 0.5) * 10 + 1e-9));
  }

  /** True when at least one bucket has enough cases to show a rate. */
  boolean hasAny() {
    return buckets.stream().anyMatch(Bucket::tells);
  }

  /**
   * What the numbers allow to say, in a sentence.
   *
   * @param worked,tried the runbook's own record on this service
   */
  String sentence(int worked, int tried) {
    if (here >= 0 && buckets.get(here).tells()) {
      Bucket bucket = buckets.get(here);
      double[] likely = wilson(bucket.worked(), bucket.tried());
      return "Of %d past proposals scored %s, %d worked: %d %%, likely %d to %d."
          .formatted(
              bucket.tried(),
              bucket.name(),
              bucket.worked(),
              bucket.percent(),
              Numbers.percent(likely[0]),
              Numbers.percent(likely[1]));
    }
    if (tried == 0) return "Too few to tell: it has never been tried here.";
    return "Too few to tell: tried %s here, worked %s.".formatted(times(tried), times(worked));
  }

  static String times(int count) {
    return switch (count) {
      case 0 -> "never";
      case 1 -> "once";
      case 2 -> "twice";
      default -> count + " times";
    };
  }

  /** Wilson's score interval, 95 % (Wilson, Probable inference, JASA 1927). */
  static double[] wilson(int worked, int tried) {
    double p = (double) worked / tried;
    double zz = Z * Z / tried;
    double middle = (p + zz / 2) / (1 + zz);
    double half = Z * Math.sqrt(p * (1 - p) / tried + zz / (4 * tried)) / (1 + zz);
    return new double[] {Math.max(0, middle - half), Math.min(1, middle + half)};
  }
}
