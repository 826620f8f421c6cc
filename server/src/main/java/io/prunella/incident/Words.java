package io.prunella.incident;

import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Weighing;
import io.prunella.incident.Pending.Word;
import io.prunella.signal.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The latest words of all symptoms during one turn: heard, aged and bounded. */
final class Words {
  private static final int CHANGES_MAX = 1_000;
  private static final int REASON_MAX = 200;

  /**
   * A symptom that is over and belongs to nothing is kept so long: an incident that opens soon
   * takes it along.
   */
  private static final Duration KEPT_WHEN_OVER = Duration.ofMinutes(5);

  private static final Comparator<Change> CHANGES_IN_ORDER =
      Comparator.comparingLong(Change::atMs)
          .thenComparing(Change::service)
          .thenComparing(Change::what)
          .thenComparing(Change::detail);

  private final GroupingConfig config;
  private final Pending before;
  private final Instant at;
  private final TreeMap<String, Word> words;
  private long forgotten;

  Words(GroupingConfig config, Pending before, Instant at) {
    this.config = config;
    this.before = before;
    this.at = at;
    this.words = before.copyOfWords();
    this.forgotten = before.forgotten();
  }

  /**
   * Takes an incident's symptom for its own word where no other is known: after a restart, heard
   * now.
   */
  void remember(Symptom symptom) {
    words.putIfAbsent(symptom.key(), new Word(symptom, at, /* remembered= */ true));
  }

  /** Takes a new word; one that is older than the known one is late and says nothing. */
  void hear(Symptom symptom) {
    Word known = words.get(symptom.key());
    if (known == null || compare(symptom, known.symptom()) >= 0)
      words.put(symptom.key(), new Word(symptom, at, /* remembered= */ false));
  }

  /* Two words of one moment should not be; if there are, all that tells them apart orders them, not who came first. */
  private static int compare(Symptom a, Symptom b) {
    int byTime = Long.compare(a.atMs(), b.atMs());
    if (byTime != 0) return byTime;
    int byEnd = Long.compare(a.toMs(), b.toMs());
    if (byEnd != 0) return byEnd;
    int bySurprise = Double.compare(a.surprise(), b.surprise());
    return bySurprise != 0 ? bySurprise : Double.compare(a.value(), b.value());
  }

  /** Ends what has gone silent, drops what is over, and forgets the weakest of too many. */
  void expire(Set<String> owned) {
    long dropMs = at.minus(KEPT_WHEN_OVER).toEpochMilli();
    for (var entry : List.copyOf(words.entrySet())) {
      Symptom symptom = entry.getValue().symptom();
      boolean isOwned = owned.contains(entry.getKey());
      if (symptom.isOpen() && isGone(entry.getValue())) {
        if (isOwned)
          words.put(entry.getKey(), new Word(ended(symptom), at, /* remembered= */ false));
        else words.remove(entry.getKey());
      } else if (!symptom.isOpen() && !isOwned && symptom.toMs() < dropMs) {
        words.remove(entry.getKey());
      }
    }
    if (words.size() > config.wordsMax()) forgetWeakest(owned);
  }

  private boolean isGone(Word word) {
    Duration patience = config.goneAfter();
    if (word.remembered()) {
      boolean fact = Weighing.isFact(word.symptom());
      patience = fact ? config.limitsToldWithin() : config.surprisesToldWithin();
    }
    return word.heardAt().plus(patience).isBefore(at);
  }

  private void forgetWeakest(Set<String> owned) {
    var strangers = new ArrayList<Symptom>();
    for (Word word : words.values()) {
      if (!owned.contains(word.symptom().key())) strangers.add(word.symptom());
    }
    strangers.sort(Strength.STRONGEST_FIRST.reversed());
    for (Symptom symptom : strangers) {
      if (words.size() <= config.wordsMax()) return;
      words.remove(symptom.key());
      forgotten++;
    }
  }

  /** Ended where it was last heard of. */
  private Symptom ended(Symptom s) {
    String reason = s.reason() + " (not heard of since: its series has gone)";
    return new Symptom(
        s.key(),
        s.service(),
        s.instance(),
        s.signal(),
        s.metric(),
        s.direction(),
        s.shape(),
        s.fromMs(),
        Math.max(1, Math.max(s.atMs(), s.fromMs())),
        s.atMs(),
        s.value(),
        s.expected(),
        s.lower(),
        s.upper(),
        s.surprise(),
        reason.length() > REASON_MAX ? s.reason() : reason);
  }

  /** All, in order of their keys. */
  List<Symptom> all() {
    return words.values().stream().map(Word::symptom).toList();
  }

  /** Recent changes, the new ones included, in order of time; of too many the latest. */
  List<Change> changes(Collection<Change> more) {
    var all = new TreeSet<>(CHANGES_IN_ORDER);
    all.addAll(before.changes());
    all.addAll(more);
    // Twice as long as they are of use to an onset that is now: onsets lie in the past.
    long oldest = at.minus(config.changesFor().multipliedBy(2)).toEpochMilli();
    all.removeIf(c -> c.atMs() < oldest);
    while (all.size() > CHANGES_MAX) all.pollFirst();
    return List.copyOf(all);
  }

  Pending pending(List<Change> changes, Thresholds.Held held, Candidates candidates, int heldBack) {
    return new Pending(
        words, changes, held, candidates.open(), candidates.budget(), forgotten, heldBack);
  }
}
