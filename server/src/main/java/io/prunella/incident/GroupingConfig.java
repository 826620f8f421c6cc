package io.prunella.incident;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Agreement;
import java.time.Duration;

/**
 * When symptoms are an incident and which belong together. Points are those of {@link
 * io.prunella.diagnose.Strength}: one symptom has at most 30, weighted by what its signal means to
 * people. The lines {@code harmPoints}, {@code lonePoints} and {@code busyPoints} hold while
 * nothing has been learnt and one false incident a week is asked for; later all three move
 * together, see {@link AlarmBudget}.
 *
 * @param harmPoints a service whose signals together reach this, with harm among them, has an
 *     incident after {@code harmFor}; at least two signals or three series must agree, and a third
 *     of the points must be harm
 * @param lonePoints one harmful signal by itself must reach this, for {@code loneFor}
 * @param busyPoints without harm (nobody suffers yet) three signals must reach this, for {@code
 *     busyFor}
 * @param oddFor a single series near the top of the scale becomes an incident only when it stays so
 *     this long
 * @param exhaustionFor a limit that will be reached soon must be predicted this long; other limits
 *     count at once
 * @param lingerFor a symptom that is over still counts this long, so that spikes in a row are seen
 *     as one thing
 * @param joinPoints a neighbour's signals must reach this together to join an incident
 * @param joinWithin onsets of direct neighbours lie within this; half of it at distance two
 * @param joinMax nothing of another service joins an incident that is older than this
 * @param calmPoints below this what is still open does not keep an incident open
 * @param quietFor so long it must be calm before it is resolved
 * @param goneAfter an open symptom without a word for so long is taken as over. A backstop: the
 *     data plane tells an unchanged anomaly only once, and its end when its series ends
 * @param limitsToldWithin after a restart a limit that still holds is told anew within this, else
 *     it is taken as over
 * @param surprisesToldWithin the same of surprises: a detector with a checkpoint says so within a
 *     few samples, one without would take what is odd for normal however long one waited
 * @param againWithin a new incident of the same service within this says that it is back
 * @param changesFor changes this long before the onset are shown with an incident
 * @param changedEvery small changes of symptoms are told together, at most once in this time
 * @param openMax incidents open at once; past it symptoms wait
 * @param wordsMax symptoms remembered that are no incident (yet); past it the weakest are forgotten
 */
public record GroupingConfig(
    double harmPoints,
    Duration harmFor,
    double lonePoints,
    Duration loneFor,
    double busyPoints,
    Duration busyFor,
    Duration oddFor,
    Duration exhaustionFor,
    Duration lingerFor,
    double joinPoints,
    Duration joinWithin,
    Duration joinMax,
    double calmPoints,
    Duration quietFor,
    Duration goneAfter,
    Duration limitsToldWithin,
    Duration surprisesToldWithin,
    Duration againWithin,
    Duration changesFor,
    Duration changedEvery,
    int openMax,
    int wordsMax) {
  public static final GroupingConfig DEFAULTS =
      new GroupingConfig(
          Agreement.Lines.DEFAULTS.harm(),
          Agreement.Lines.DEFAULTS.harmFor(),
          Agreement.Lines.DEFAULTS.lone(),
          Agreement.Lines.DEFAULTS.loneFor(),
          Agreement.Lines.DEFAULTS.busy(),
          Agreement.Lines.DEFAULTS.busyFor(),
          Agreement.Lines.DEFAULTS.oddFor(),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          10,
          Duration.ofMinutes(10),
          Duration.ofMinutes(90),
          6,
          Duration.ofMinutes(2),
          Duration.ofHours(24),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofMinutes(60),
          Duration.ofSeconds(15),
          100,
          20_000);

  public GroupingConfig {
    atLeast("grouping.calm-points", calmPoints, 0);
    atLeast("grouping.join-points", joinPoints, 0);
    // A service that may open an incident but not keep it open would open it again and again.
    atLeast("grouping.harm-points", harmPoints, calmPoints / AlarmBudget.FLOOR);
    atLeast("grouping.lone-points", lonePoints, calmPoints / AlarmBudget.FLOOR);
    atLeast("grouping.busy-points", busyPoints, harmPoints);
    atLeast("grouping.open-max", openMax, 1);
    atLeast("grouping.words-max", wordsMax, 100);
    for (Duration span :
        new Duration[] {
          harmFor,
          loneFor,
          busyFor,
          oddFor,
          quietFor,
          goneAfter,
          joinWithin,
          joinMax,
          limitsToldWithin,
          surprisesToldWithin
        }) {
      if (span.isNegative())
        throw new IllegalArgumentException(
            "a time span of grouping is %s, wanted 0 or more".formatted(span));
    }
    if (goneAfter.compareTo(quietFor) < 0) {
      throw new IllegalArgumentException(
          "grouping.gone-after is %s, wanted at least grouping.quiet-for, %s"
              .formatted(goneAfter, quietFor));
    }
  }

  /** The lines that symptoms are measured by. */
  Agreement.Lines lines() {
    return new Agreement.Lines(
        harmPoints, harmFor, lonePoints, loneFor, busyPoints, busyFor, oddFor);
  }

  private static void atLeast(String key, double seen, double wanted) {
    if (!(seen >= wanted))
      throw new IllegalArgumentException(
          "%s is %s, wanted at least %s".formatted(key, seen, wanted));
  }
}
