package io.prunella.incident;

import io.prunella.diagnose.Symptom;
import io.prunella.signal.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What grouping remembers between turns that is not (yet) a fact: the latest word of every symptom,
 * recent changes, and since when a service has been over a threshold or an incident calm.
 * Immutable, bounded, never journaled: after a restart it begins {@link #EMPTY}, the watch tells
 * open anomalies again, and waiting times begin anew, which errs on the quiet side when opening and
 * on the careful side when resolving.
 */
public final class Pending {
  public static final Pending EMPTY = new Pending(new TreeMap<>(), List.of(), Map.of(), 0, 0);

  private final TreeMap<String, Word> words; // by symptom key; nobody changes it after construction
  private final List<Change> changes;
  private final Map<String, Instant> since;
  private final long forgotten;
  private final int heldBack;

  Pending(
      TreeMap<String, Word> words,
      List<Change> changes,
      Map<String, Instant> since,
      long forgotten,
      int heldBack) {
    this.words = words;
    this.changes = List.copyOf(changes);
    this.since = Map.copyOf(since);
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

  Map<String, Instant> since() {
    return since;
  }
}
