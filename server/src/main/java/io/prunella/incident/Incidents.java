package io.prunella.incident;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Strength;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.IncidentFact.ChangeSeen;
import io.prunella.incident.IncidentFact.HandedToPeople;
import io.prunella.incident.IncidentFact.IncidentDiagnosed;
import io.prunella.incident.IncidentFact.IncidentOpened;
import io.prunella.incident.IncidentFact.IncidentResolved;
import io.prunella.incident.IncidentFact.SymptomsChanged;
import io.prunella.signal.Change;
import io.prunella.signal.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All incidents: the sum of their facts. Immutable; any thread. Open ones and the latest thousand
 * that are resolved.
 *
 * <p>The bounds are constants and not configuration: a fold must give the same sum whenever it is
 * read back.
 */
public final class Incidents {
  /** Symptoms kept per incident; the strongest stay. */
  public static final int SYMPTOMS_MAX = 200;

  /** Changes kept per incident; the latest stay. */
  public static final int CHANGES_MAX = 50;

  /** Resolved incidents kept; older ones are in the journal. */
  public static final int RESOLVED_MAX = 1_000;

  public static final Incidents EMPTY =
      new Incidents(new LinkedHashMap<>(), new LinkedHashMap<>(), 0);

  private final LinkedHashMap<String, Incident> open;
  private final LinkedHashMap<String, Incident> resolved; // in order of resolving
  private final long opened;
  private final Map<String, Incident> lastResolved; // by service
  private volatile @Nullable Map<String, Incident>
      byId; // made when first asked for; equal whoever makes it

  private Incidents(
      LinkedHashMap<String, Incident> open, LinkedHashMap<String, Incident> resolved, long opened) {
    this(open, resolved, opened, lastOf(resolved.values()));
  }

  private Incidents(
      LinkedHashMap<String, Incident> open,
      LinkedHashMap<String, Incident> resolved,
      long opened,
      Map<String, Incident> lastResolved) {
    this.open = open;
    this.resolved = resolved;
    this.opened = opened;
    this.lastResolved = lastResolved;
  }

  /** Open and resolved ones by id, in order of opening. */
  public Map<String, Incident> byId() {
    var made = byId;
    if (made != null) return made;
    var all = new ArrayList<>(resolved.values());
    all.addAll(open.values());
    all.sort((a, b) -> Long.compare(number(a.id()), number(b.id())));
    var map = new LinkedHashMap<String, Incident>();
    all.forEach(i -> map.put(i.id(), i));
    made = Collections.unmodifiableMap(map);
    byId = made;
    return made;
  }

  /** The open ones, in order of opening. */
  public Collection<Incident> open() {
    return Collections.unmodifiableCollection(open.values());
  }

  /** The resolved ones that are kept, the latest first. */
  public Collection<Incident> resolved() {
    return Collections.unmodifiableCollection(resolved.sequencedValues().reversed());
  }

  /**
   * One of them, or null when it is unknown (or resolved so long ago that only the journal knows
   * it).
   */
  public @Nullable Incident get(String id) {
    Incident incident = open.get(id);
    return incident != null ? incident : resolved.get(id);
  }

  /** The id that the next incident gets. */
  public String nextId() {
    return idOf(opened + 1);
  }

  static String idOf(long number) {
    return "INC-" + number;
  }

  long opened() {
    return opened;
  }

  /** The latest resolved incident that touched a service, or null. */
  @Nullable Incident lastResolvedOf(String service) {
    return lastResolved.get(service);
  }

  /**
   * What a diagnosis makes true.
   *
   * @return empty when the incident is over or its symptoms have changed since that revision: then
   *     it must be diagnosed again
   */
  public Optional<IncidentFact> diagnosed(
      Instant at, String id, long revision, List<Suspect> suspects, List<Match> matches) {
    Incident incident = open.get(id);
    if (incident == null || incident.revision() != revision || incident.diagnosed())
      return Optional.empty();
    return Optional.of(
        new IncidentDiagnosed(at, id, revision, List.copyOf(suspects), List.copyOf(matches)));
  }

  /** What a hand-over makes true; empty when the incident is over or people lead it already. */
  public Optional<IncidentFact> handOver(Instant at, String id, String why) {
    Incident incident = open.get(id);
    if (incident == null || incident.handedOver() != null) return Optional.empty();
    return Optional.of(new HandedToPeople(at, id, why));
  }

  /**
   * The sum with one more fact.
   *
   * @throws IllegalStateException when the fact cannot have happened after the ones before
   */
  public Incidents apply(IncidentFact fact) {
    return switch (fact) {
      case IncidentOpened f -> opened(f);
      case SymptomsChanged f -> with(changed(known(f), f));
      case ChangeSeen f -> with(seen(known(f), f));
      case IncidentDiagnosed f -> with(diagnosed(known(f), f));
      case HandedToPeople f -> with(handedOver(known(f), f));
      case IncidentResolved f -> resolved(known(f), f);
    };
  }

  private Incidents opened(IncidentOpened fact) {
    if (!fact.incident().equals(nextId())) {
      throw new IllegalStateException(
          "incident %s opens, wanted %s to be the next".formatted(fact.incident(), nextId()));
    }
    if (fact.symptoms().isEmpty()) {
      throw new IllegalStateException(
          "incident %s opens without symptoms, wanted at least one".formatted(fact.incident()));
    }
    var symptoms = strongest(Map.of(), fact.symptoms());
    var incident =
        new Incident(
            fact.incident(),
            1,
            Incident.Status.OPEN,
            fact.severity(),
            fact.title(),
            fact.at(),
            fact.at(),
            null,
            services(new TreeSet<>(), symptoms.values()),
            symptoms,
            List.of(),
            List.of(),
            false,
            List.of(),
            null,
            null);
    var next = new LinkedHashMap<>(open);
    next.put(incident.id(), incident);
    return new Incidents(next, resolved, opened + 1, lastResolved);
  }

  private static Incident changed(Incident i, SymptomsChanged f) {
    var symptoms = strongest(i.symptoms(), f.symptoms());
    return new Incident(
        i.id(),
        i.revision() + 1,
        i.status(),
        f.severity(),
        f.title(),
        i.openedAt(),
        f.at(),
        null,
        services(new TreeSet<>(i.services()), symptoms.values()),
        symptoms,
        i.suspects(),
        i.matches(),
        false,
        i.changes(),
        i.handedOver(),
        null,
        i.handedOverAt());
  }

  private static Incident seen(Incident i, ChangeSeen f) {
    var changes = new ArrayList<>(i.changes());
    changes.add(f.change());
    while (changes.size() > CHANGES_MAX) changes.removeFirst();
    return new Incident(
        i.id(),
        i.revision() + 1,
        i.status(),
        i.severity(),
        i.title(),
        i.openedAt(),
        f.at(),
        null,
        i.services(),
        i.symptoms(),
        i.suspects(),
        i.matches(),
        false,
        List.<Change>copyOf(changes),
        i.handedOver(),
        null,
        i.handedOverAt());
  }

  private static Incident diagnosed(Incident i, IncidentDiagnosed f) {
    if (f.revision() != i.revision()) {
      throw new IllegalStateException(
          "incident %s is at revision %d and was diagnosed for %d"
              .formatted(i.id(), i.revision(), f.revision()));
    }
    boolean same = i.suspects().equals(f.suspects()) && i.matches().equals(f.matches());
    return new Incident(
        i.id(),
        same ? i.revision() : i.revision() + 1,
        i.status(),
        i.severity(),
        i.title(),
        i.openedAt(),
        f.at(),
        null,
        i.services(),
        i.symptoms(),
        List.copyOf(f.suspects()),
        List.copyOf(f.matches()),
        true,
        i.changes(),
        i.handedOver(),
        null,
        i.handedOverAt());
  }

  private static Incident handedOver(Incident i, HandedToPeople f) {
    if (i.handedOver() != null) {
      throw new IllegalStateException("incident %s is handed to people twice".formatted(i.id()));
    }
    return new Incident(
        i.id(),
        i.revision(),
        i.status(),
        i.severity(),
        i.title(),
        i.openedAt(),
        f.at(),
        null,
        i.services(),
        i.symptoms(),
        i.suspects(),
        i.matches(),
        i.diagnosed(),
        i.changes(),
        f.why(),
        null,
        f.at());
  }

  private Incidents resolved(Incident i, IncidentResolved f) {
    var over =
        new Incident(
            i.id(),
            i.revision(),
            Incident.Status.RESOLVED,
            i.severity(),
            i.title(),
            i.openedAt(),
            f.at(),
            f.at(),
            i.services(),
            i.symptoms(),
            i.suspects(),
            i.matches(),
            i.diagnosed(),
            i.changes(),
            i.handedOver(),
            f.resolution(),
            i.handedOverAt());
    var stillOpen = new LinkedHashMap<>(open);
    stillOpen.remove(i.id());
    var over1000 = new LinkedHashMap<>(resolved);
    over1000.put(i.id(), over);
    while (over1000.size() > RESOLVED_MAX) over1000.remove(over1000.firstEntry().getKey());
    return new Incidents(stillOpen, over1000, opened);
  }

  private Incidents with(Incident incident) {
    var next = new LinkedHashMap<>(open);
    next.put(incident.id(), incident);
    return new Incidents(next, resolved, opened, lastResolved);
  }

  private Incident known(IncidentFact fact) {
    Incident incident = open.get(fact.incident());
    if (incident != null) return incident;
    throw new IllegalStateException(
        "%s for incident %s, which is %s; wanted an open one"
            .formatted(
                fact.getClass().getSimpleName(),
                fact.incident(),
                resolved.containsKey(fact.incident()) ? "resolved" : "unknown"));
  }

  /**
   * The latest words over the earlier ones; of too many the strongest, but each signal of each
   * service in turn, so that a hundred slow routes do not push out the one restart that explains
   * them. Decide uses it too, so both keep the same ones.
   */
  static Map<String, Symptom> strongest(Map<String, Symptom> before, Collection<Symptom> words) {
    // As in most turns: then nothing is copied.
    if (words.stream().allMatch(s -> s.equals(before.get(s.key())))) return before;
    var all = new TreeMap<>(before);
    words.forEach(s -> all.put(s.key(), s));
    if (all.size() > SYMPTOMS_MAX) {
      var kept = inTurn(all.values());
      all.clear();
      kept.forEach(s -> all.put(s.key(), s));
    }
    return Collections.unmodifiableMap(all);
  }

  private static List<Symptom> inTurn(Collection<Symptom> all) {
    record Voice(String service, Signal signal) {}
    var heard = new HashMap<Voice, Integer>();
    var turns = new TreeMap<Integer, List<Symptom>>();
    for (Symptom s : all.stream().sorted(Strength.STRONGEST_FIRST).toList()) {
      int turn = heard.merge(new Voice(s.service(), s.signal()), 1, Integer::sum);
      turns.computeIfAbsent(turn, _ -> new ArrayList<>()).add(s);
    }
    return turns.values().stream().flatMap(List::stream).limit(SYMPTOMS_MAX).toList();
  }

  private static Set<String> services(TreeSet<String> services, Collection<Symptom> symptoms) {
    symptoms.forEach(s -> services.add(s.service()));
    return Collections.unmodifiableSet(services);
  }

  private static Map<String, Incident> lastOf(Collection<Incident> resolved) {
    var last = new HashMap<String, Incident>();
    for (Incident incident : resolved) {
      for (String service : incident.services()) last.put(service, incident);
    }
    return last;
  }

  private static long number(String id) {
    return Long.parseLong(id.substring("INC-".length()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Incidents that
        && opened == that.opened
        && open.equals(that.open)
        && resolved.equals(that.resolved);
  }

  @Override
  public int hashCode() {
    return Objects.hash(opened, open.keySet(), resolved.keySet());
  }

  @Override
  public String toString() {
    return "%d open %s, %d resolved".formatted(open.size(), open.keySet(), resolved.size());
  }
}
