package io.prunella.incident;

import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What grouping remembers between turns that is not (yet) a fact: the latest word of every symptom,
 * recent changes, since when a service has been over a threshold or an incident calm, and what the
 * alarm budget has learnt. Immutable, bounded, never journaled: after a restart it begins {@link
 * #EMPTY}, the watch tells open anomalies again, the budget goes on from what {@link Grouping} was
 * made with, and waiting times begin anew, which errs on the quiet side when opening and on the
 * careful side when resolving.
 */
public final class Pending {
  public static final Pending EMPTY =
      new Pending(new TreeMap<>(), List.of(), Thresholds.Held.NOTHING, Map.of(), null, 0, 0);

  private final TreeMap<String, Word> words; // by symptom key; nobody changes it after construction
  private final List<Change> changes;
  private final Thresholds.Held held;
  private final Map<String, Candidates.Candidate> candidates;
  private final @Nullable AlarmBudget budget; // null before the first turn
  private final long forgotten;
  private final int heldBack;

  Pending(
      TreeMap<String, Word> words,
      List<Change> changes,
      Thresholds.Held held,
      Map<String, Candidates.Candidate> candidates,
      @Nullable AlarmBudget budget,
      long forgotten,
      int heldBack) {
    this.words = words;
    this.changes = List.copyOf(changes);
    this.held = held;
    this.candidates = Map.copyOf(candidates);
    this.budget = budget;
    this.forgotten = forgotten;
    this.heldBack = heldBack;
  }

  /**
   * The latest word of one symptom.
   *
   * @param heardAt when control heard it, or remembered it after a restart
   * @param remembered true when it comes from an incident of before the restart and has not been
   *     told since
   */
  record Word(Symptom symptom, Instant heardAt, boolean remembered) {}

  /** Symptoms remembered, those of open incidents included. */
  public int size() {
    return words.size();
  }

  /** Symptoms forgotten because there were too many, since the start. */
  public long forgotten() {
    return forgotten;
  }

  /** Services that would have an incident now, were not too many open already. */
  public int heldBack() {
    return heldBack;
  }

  /** A copy to work on. */
  TreeMap<String, Word> copyOfWords() {
    return new TreeMap<>(words);
  }

  List<Change> changes() {
    return changes;
  }

  Thresholds.Held held() {
    return held;
  }

  Map<String, Candidates.Candidate> candidates() {
    return candidates;
  }

  /**
   * The highest statistic, in lines, of the stretch that goes on at a service, be it on its way to
   * an incident or one; 0 when there is none or a limit, check or alert speaks of it.
   */
  public double peakOf(String service) {
    var candidate = candidates.get(service);
    return candidate == null ? 0 : candidate.peak();
  }

  /** What the alarm budget has learnt; null before the first turn. */
  public @Nullable AlarmBudget budget() {
    return budget;
  }
}
