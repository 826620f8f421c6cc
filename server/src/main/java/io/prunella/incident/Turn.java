package io.prunella.incident;

import io.prunella.diagnose.Agreement;
import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Symptom;
import io.prunella.diagnose.Topology;
import io.prunella.diagnose.Weighing;
import io.prunella.incident.IncidentFact.ChangeSeen;
import io.prunella.incident.IncidentFact.IncidentOpened;
import io.prunella.incident.IncidentFact.IncidentResolved;
import io.prunella.incident.IncidentFact.SymptomsChanged;
import io.prunella.signal.Change;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One call of {@link Grouping#decide}: scratch memory of one thread, thrown away afterwards. */
final class Turn {
  /*
   * Words are a level: all latest words are kept (Words), and each turn asks anew what they mean. So a word that was not
   * told as a fact, because it was a small change or came while too many incidents were open, is told as soon as it may be.
   *
   *   words ─▶ owned by an open incident (its key is in it)          ─▶ SymptomsChanged, IncidentResolved
   *         └▶ free, by service ─▶ joins its own or a neighbour's    ─▶ SymptomsChanged
   *                             └▶ weighs enough for long enough     ─▶ IncidentOpened with the neighbours that join
   */
  private final GroupingConfig config;
  private final Incidents now;
  private final Links links;
  private final Topology topology;
  private final Instant at;
  private final Pending before;
  private final Words words;
  private final Thresholds thresholds;
  private final Candidates candidates;
  private final Aftermath aftermath;
  private final List<IncidentFact> facts = new ArrayList<>();

  private final Map<String, String> owners = new HashMap<>(); // symptom key → open incident
  private final TreeMap<String, List<Symptom>> free =
      new TreeMap<>(); // by service, words that belong to no incident
  private final Map<String, List<Symptom>> mine =
      new HashMap<>(); // incident → latest words of its symptoms, old and new
  private final Map<String, Incident> firstOf =
      new HashMap<>(); // by service, the open incident that had it first
  private final Map<String, Range> onsets = new HashMap<>(); // by open incident
  private int heldBack;

  /** When the symptoms of an incident began: the first and the last of them. */
  private record Range(long firstMs, long lastMs) {}

  /** A service whose free words are an incident, and when they began to weigh. */
  private record Ready(String service, long onsetMs) {}

  Turn(
      GroupingConfig config,
      Incidents now,
      Pending before,
      Candidates candidates,
      Topology topology,
      Instant at) {
    this.config = config;
    this.now = now;
    this.links = new Links(topology);
    this.topology = topology;
    this.at = at;
    this.before = before;
    this.words = new Words(config, before, at);
    this.thresholds = new Thresholds(config, before.held(), at);
    this.candidates = candidates;
    this.aftermath = new Aftermath(now, config.againWithin());
  }

  Grouping.Decided take(Collection<Symptom> latest, List<Change> changes) {
    for (Incident incident : now.open()) {
      var began =
          incident.symptoms().values().stream().mapToLong(Symptom::fromMs).summaryStatistics();
      onsets.put(incident.id(), new Range(began.getMin(), began.getMax()));
      incident.services().forEach(s -> firstOf.putIfAbsent(s, incident));
      for (Symptom symptom : incident.symptoms().values()) {
        owners.putIfAbsent(symptom.key(), incident.id());
        words.remember(symptom);
      }
    }
    latest.forEach(words::hear);
    words.expire(owners.keySet());
    sort();
    for (String service : List.copyOf(free.keySet())) join(service);
    var recent = words.changes(changes);
    for (Incident incident : now.open()) update(incident, recent);
    open(recent);
    candidates.expire(config.quietFor());
    return new Grouping.Decided(
        facts, words.pending(recent, thresholds.held(), candidates, heldBack));
  }

  private void sort() {
    var byService = new HashMap<String, List<Symptom>>();
    for (Symptom symptom : words.all()) {
      String owner = owners.get(symptom.key());
      if (owner != null) mine.computeIfAbsent(owner, _ -> new ArrayList<>()).add(symptom);
      else byService.computeIfAbsent(symptom.service(), _ -> new ArrayList<>()).add(symptom);
    }
    free.putAll(byService);
  }

  /** Gives a service's free words to the open incident that they belong to, if there is one. */
  private void join(String service) {
    var symptoms = free.getOrDefault(service, List.of());
    Incident own = firstOf.get(service);
    if (own == null) own = neighbourOf(service, symptoms);
    if (own == null) return;
    long earliest = onsets(own).firstMs() - config.joinWithin().toMillis();
    var joining = new ArrayList<Symptom>();
    for (Symptom symptom : symptoms) {
      if (Strength.weighted(symptom) <= 0) continue;
      if (Weighing.isFact(symptom) ? symptom.isOpen() : symptom.fromMs() >= earliest)
        joining.add(symptom);
    }
    if (joining.isEmpty()) return;
    mine.computeIfAbsent(own.id(), _ -> new ArrayList<>()).addAll(joining);
    var rest = new ArrayList<>(symptoms);
    rest.removeAll(joining);
    if (rest.isEmpty()) free.remove(service);
    else free.put(service, rest);
  }

  private @Nullable Incident neighbourOf(String service, List<Symptom> symptoms) {
    var counting = counting(symptoms);
    var weighing = Weighing.of(counting);
    if (now.open().isEmpty() || weighing.points() < config.joinPoints()) return null;
    var near = links.near(service);
    if (near.isEmpty()) return null; // nobody knows who calls it
    Incident best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (Incident incident : now.open()) {
      if (Duration.between(incident.openedAt(), at).compareTo(config.joinMax()) > 0) continue;
      for (String member : incident.services()) {
        int distance = near.getOrDefault(member, Integer.MAX_VALUE);
        if (distance >= bestDistance) continue;
        long window = config.joinWithin().toMillis() / distance;
        if (weighing.onsetMs() < onsets(incident).firstMs() - window
            || weighing.onsetMs() > onsets(incident).lastMs() + window) continue;
        var members =
            incident.symptoms().values().stream().filter(s -> s.service().equals(member)).toList();
        if (!mayJoin(service, counting, member, members)) continue;
        best = incident;
        bestDistance = distance;
      }
    }
    return best;
  }

  /**
   * A full disk of a caller has nothing to do with what it calls; that of a dependency may make its
   * callers suffer.
   */
  private boolean mayJoin(
      String service, List<Symptom> symptoms, String member, List<Symptom> members) {
    boolean calls = links.calls(service, member);
    boolean called = links.calls(member, service);
    boolean serviceMay = (called && !calls) || !isOnlyFull(symptoms);
    boolean memberMay = (calls && !called) || !isOnlyFull(members);
    return serviceMay && memberMay;
  }

  private boolean isOnlyFull(List<Symptom> symptoms) {
    var rest = symptoms.stream().filter(s -> !isOwnLimit(s)).toList();
    return rest.size() < symptoms.size() && Weighing.of(rest).points() < config.joinPoints();
  }

  private static boolean isOwnLimit(Symptom symptom) {
    return symptom.shape().isLimit()
        && (symptom.signal() == Signal.DISK || symptom.signal() == Signal.QUOTA);
  }

  private void update(Incident incident, List<Change> recent) {
    var all = mine.getOrDefault(incident.id(), List.of());
    var wanted = Incidents.strongest(incident.symptoms(), all);
    var notable = new ArrayList<Symptom>();
    boolean urgent = false;
    for (Symptom word : wanted.values()) {
      Symptom told = incident.symptoms().get(word.key());
      if (!Notable.is(told, word)) continue;
      notable.add(word);
      urgent |=
          told == null && (Weighing.isFact(word) || !incident.services().contains(word.service()));
    }
    follow(incident, all);
    boolean over = isCalm(incident, all);
    boolean due = !at.isBefore(incident.updatedAt().plus(config.changedEvery()));
    if (!notable.isEmpty() && (urgent || due || over)) {
      int leftOut = Math.max(0, all.size() - wanted.size());
      var headline =
          Headline.of(
              incident,
              wanted.values(),
              leftOut,
              aftermath.again(incident.services(), incident.openedAt()));
      facts.add(
          new SymptomsChanged(
              at, incident.id(), headline.severity(), headline.title(), List.copyOf(notable)));
    }
    changes(
        incident.id(), incident.services(), onsets(incident).firstMs(), incident.changes(), recent);
    if (over) {
      facts.add(new IncidentResolved(at, incident.id(), resolution(all)));
      all.forEach(s -> thresholds.forget(s.service()));
    }
  }

  /** Tells the alarm budget how an incident goes on. */
  private void follow(Incident incident, List<Symptom> all) {
    boolean isFact = all.stream().anyMatch(Weighing::isFact);
    for (String service : incident.services()) {
      if (isFact) {
        candidates.withdraw(service);
      } else if (candidates.open().containsKey(service)) {
        var its = all.stream().filter(s -> s.isOpen() && s.service().equals(service)).toList();
        candidates.goesOn(service, Agreement.of(Weighing.of(its), config.lines()).most());
      }
    }
  }

  /** True when nothing that is still open could be called an incident, and that for a while. */
  private boolean isCalm(Incident incident, List<Symptom> all) {
    var stillOpen = all.stream().filter(Symptom::isOpen).toList();
    boolean calm = stillOpen.stream().noneMatch(Weighing::isFact);
    if (calm && !stillOpen.isEmpty()) {
      // Where there was harm, harm decides: more traffic than usual may stay after a repair and is
      // nobody's incident.
      boolean harmed = all.stream().anyMatch(Strength::isHarm);
      var weighing = Weighing.of(stillOpen);
      calm = (harmed ? weighing.harmPoints() : weighing.points()) < config.calmPoints();
    }
    long overMs = 0;
    for (Symptom symptom : all) {
      if (!symptom.isOpen()) overMs = Math.max(overMs, symptom.toMs());
    }
    boolean settled =
        Duration.ofMillis(at.toEpochMilli() - overMs).compareTo(config.quietFor()) >= 0;
    boolean held =
        thresholds.held(
            "calm:", incident.id(), calm, stillOpen.isEmpty() ? Duration.ZERO : config.quietFor());
    return held && settled;
  }

  private String resolution(List<Symptom> all) {
    long open = all.stream().filter(Symptom::isOpen).count();
    long overMs = all.stream().mapToLong(Symptom::toMs).max().orElse(0);
    String when = overMs == 0 ? "" : " since " + Instant.ofEpochMilli(overMs - overMs % 1000);
    if (open == 0) return "all %d symptoms are over%s".formatted(all.size(), when);
    return "%d of %d symptoms are over%s; the rest does no harm"
        .formatted(all.size() - open, all.size(), when);
  }

  private void open(List<Change> recent) {
    var weighing = new TreeMap<String, Weighing>();
    var ready = new ArrayList<Ready>();
    for (var entry : free.entrySet()) {
      var counting = counting(entry.getValue());
      var weighed = Weighing.of(counting);
      if (isIncident(entry.getKey(), counting, weighed)) {
        boolean joins = weighed.points() >= config.joinPoints();
        ready.add(new Ready(entry.getKey(), joins ? weighed.onsetMs() : Long.MAX_VALUE));
      }
      if (weighed.points() >= config.joinPoints()) weighing.put(entry.getKey(), weighed);
    }
    ready.sort(Comparator.comparingLong(Ready::onsetMs).thenComparing(Ready::service));
    long number = now.opened();
    int room = config.openMax() - now.open().size();
    var taken = new TreeSet<String>();
    for (Ready one : ready) {
      String service = one.service();
      if (taken.contains(service)) continue;
      if (room == 0) {
        heldBack++;
        continue;
      }
      room--;
      var together = together(service, weighing, taken);
      taken.addAll(together);
      together.stream().filter(s -> !s.equals(service)).forEach(candidates::withdraw);
      number++;
      openOne(Incidents.idOf(number), together, recent);
    }
  }

  private boolean isIncident(String service, List<Symptom> counting, Weighing weighed) {
    double statistic = thresholds.statistic(service, counting, weighed);
    if (statistic != Thresholds.FACT) return candidates.isIncident(service, statistic);
    candidates.withdraw(service);
    return true;
  }

  /**
   * The service and those that weigh enough, are near it in the graph and began at about the same
   * time; transitively.
   */
  private Set<String> together(String first, Map<String, Weighing> weighing, Set<String> taken) {
    var together = new LinkedHashSet<String>();
    together.add(first);
    var next = new ArrayDeque<String>(together);
    while (!next.isEmpty()) {
      String member = next.remove();
      long onset = onset(weighing, member);
      for (var near : links.near(member).entrySet()) {
        String service = near.getKey();
        Weighing weighed = weighing.get(service);
        if (weighed == null || taken.contains(service) || together.contains(service)) continue;
        if (Math.abs(weighed.onsetMs() - onset) > config.joinWithin().toMillis() / near.getValue())
          continue;
        var members = counting(free.getOrDefault(member, List.of()));
        if (!mayJoin(service, counting(free.getOrDefault(service, List.of())), member, members))
          continue;
        together.add(service);
        next.add(service);
      }
    }
    return together;
  }

  private void openOne(String id, Set<String> services, List<Change> recent) {
    var symptoms = new ArrayList<Symptom>();
    for (String service : services) {
      for (Symptom symptom : free.getOrDefault(service, List.of())) {
        boolean old = aftermath.isSpent(symptom) || (!symptom.isOpen() && Weighing.isFact(symptom));
        if (!old && Strength.weighted(symptom) > 0) symptoms.add(symptom);
      }
      thresholds.forget(service);
    }
    var kept = Incidents.strongest(Map.of(), symptoms).values();
    var headline = Headline.of(kept, symptoms.size() - kept.size(), aftermath.again(services, at));
    facts.add(
        new IncidentOpened(
            at,
            id,
            headline.severity(),
            headline.title(),
            kept.stream().sorted(Strength.STRONGEST_FIRST).toList()));
    long onset = kept.stream().mapToLong(Symptom::fromMs).min().orElse(at.toEpochMilli());
    changes(id, services, onset, List.of(), recent);
  }

  /**
   * Changes of the services, and of those that they call: an answer may change without a symptom
   * where it is made.
   */
  private void changes(
      String id, Set<String> services, long onsetMs, List<Change> known, List<Change> recent) {
    int room = Incidents.CHANGES_MAX - known.size();
    for (Change change : recent) {
      if (room <= 0) return;
      if (change.atMs() < onsetMs - config.changesFor().toMillis() || known.contains(change))
        continue;
      boolean concerns = services.contains(change.service());
      for (String service : services)
        concerns |= topology.calleesOf(service).contains(change.service());
      if (!concerns) continue;
      facts.add(new ChangeSeen(at, id, change));
      room--;
    }
  }

  /**
   * Words that may count towards an incident: open or only just over, and not left over from one
   * that is resolved.
   */
  private List<Symptom> counting(List<Symptom> symptoms) {
    long lingering = at.minus(config.lingerFor()).toEpochMilli();
    var counting = new ArrayList<Symptom>();
    for (Symptom symptom : symptoms) {
      if (!symptom.isOpen() && (symptom.toMs() < lingering || Weighing.isFact(symptom))) continue;
      if (!aftermath.isSpent(symptom)) counting.add(symptom);
    }
    return counting;
  }

  private static long onset(Map<String, Weighing> weighing, String service) {
    Weighing weighed = weighing.get(service);
    return weighed == null ? Long.MAX_VALUE : weighed.onsetMs();
  }

  private Range onsets(Incident incident) {
    return Objects.requireNonNull(onsets.get(incident.id()), "an open incident has its onsets");
  }
}
