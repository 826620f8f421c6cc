package io.prunella.diagnose;

import java.util.Collection;

/**
 * The agreement of a service's symptoms as it has lasted: a height counts once it has been held for
 * as long as its line asks. Immutable; any thread.
 */
public record Standing(Lasting harm, Lasting lone, Lasting busy) {
  public static final Standing NONE = new Standing(Lasting.NONE, Lasting.NONE, Lasting.NONE);

  /** The same with the agreement at a moment, which holds until the next. */
  public Standing then(long atMs, Agreement now, Agreement.Lines lines) {
    return new Standing(
        harm.then(atMs, now.harm(), lines.harmFor().toMillis()),
        lone.then(atMs, now.lone(), lines.loneFor().toMillis()),
        busy.then(atMs, now.busy(), lines.busyFor().toMillis()));
  }

  /** True when nothing stands: it may be forgotten. */
  public boolean isNone() {
    return harm == Lasting.NONE && lone == Lasting.NONE && busy == Lasting.NONE;
  }

  /**
   * The statistic by now: the highest agreement that has been held for long enough, or of a single
   * series that has been odd for long enough.
   *
   * @param symptoms the service's, as they are now; facts and those that are over are passed over
   */
  public double statistic(long atMs, Collection<Symptom> symptoms, Agreement.Lines lines) {
    double most = harm.held(atMs, lines.harmFor().toMillis());
    most = Math.max(most, lone.held(atMs, lines.loneFor().toMillis()));
    most = Math.max(most, busy.held(atMs, lines.busyFor().toMillis()));
    for (Symptom symptom : symptoms) {
      boolean isLong = atMs - symptom.fromMs() >= lines.oddFor().toMillis();
      if (!isLong || !symptom.isOpen() || Weighing.isFact(symptom)) continue;
      most = Math.max(most, Agreement.ofOne(symptom));
    }
    return most;
  }
}
