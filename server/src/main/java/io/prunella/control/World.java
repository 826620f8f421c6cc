package io.prunella.control;

import io.prunella.control.ControlFact.DeploymentBegan;
import io.prunella.control.ControlFact.DeploymentEnded;
import io.prunella.control.ControlFact.JournalBack;
import io.prunella.control.ControlFact.NoticeOwed;
import io.prunella.control.ControlFact.NoticeSettled;
import io.prunella.control.ControlFact.Started;
import io.prunella.control.ControlFact.StopLifted;
import io.prunella.control.ControlFact.StopOverdue;
import io.prunella.control.ControlFact.StopPlaced;
import io.prunella.control.ControlFact.TargetFrozen;
import io.prunella.control.ControlFact.TargetThawed;
import io.prunella.control.State.Deployment;
import io.prunella.control.State.Frozen;
import io.prunella.incident.IncidentFact;
import io.prunella.incident.Incidents;
import io.prunella.journal.Fact;
import io.prunella.remediation.Notice;
import io.prunella.remediation.RemediationFact;
import io.prunella.remediation.Remediations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sum of all facts. Immutable: {@link #apply} gives the next. Replaying the journal gives the
 * same value as having lived through it.
 *
 * @param overdue stops whose time is over and of which people were told
 * @param owed notices that some channel has not got yet, oldest first
 * @param stopsMade how many stops there have been; {@code noticesMade} likewise: ids are numbers
 */
record World(
    Instant at,
    Incidents incidents,
    Remediations remediations,
    Map<String, Stop> stops,
    Set<String> overdue,
    Map<String, Deployment> deployments,
    Map<String, Frozen> frozen,
    List<Owed> owed,
    long stopsMade,
    long noticesMade) {
  /** Finished deployments are kept this long. */
  private static final Duration DEPLOYMENTS_KEPT = Duration.ofHours(24);

  static final int DEPLOYMENTS_MAX = 1_000;

  static final World EMPTY =
      new World(
          Instant.EPOCH,
          Incidents.EMPTY,
          Remediations.EMPTY,
          Map.of(),
          Set.of(),
          Map.of(),
          Map.of(),
          List.of(),
          0,
          0);

  /** A notice and the channels that have not got it. */
  record Owed(Notice notice, List<String> channels) {}

  World apply(Fact fact) {
    World next =
        switch (fact) {
          case IncidentFact f -> with(incidents.apply(f), remediations);
          case RemediationFact f -> with(incidents, remediations.apply(f));
          case ControlFact f -> applied(f);
          default -> throw new IllegalStateException("no room for a " + fact.getClass().getName());
        };
    return fact.at().isAfter(at) ? next.at(fact.at()) : next;
  }

  /** The same at a later time. */
  World at(Instant later) {
    return new World(
        later,
        incidents,
        remediations,
        stops,
        overdue,
        deployments,
        frozen,
        owed,
        stopsMade,
        noticesMade);
  }

  private World with(Incidents nextIncidents, Remediations nextRemediations) {
    return new World(
        at,
        nextIncidents,
        nextRemediations,
        stops,
        overdue,
        deployments,
        frozen,
        owed,
        stopsMade,
        noticesMade);
  }

  private World applied(ControlFact fact) {
    return switch (fact) {
      case Started _, JournalBack _ -> this;
      case StopPlaced f -> {
        var next = new LinkedHashMap<>(stops);
        next.put(f.stop().id(), f.stop());
        yield stops(next, overdue, stopsMade + 1);
      }
      case StopOverdue f -> {
        var next = new TreeSet<>(overdue);
        next.add(f.stop());
        yield stops(stops, next, stopsMade);
      }
      case StopLifted f -> {
        var next = new LinkedHashMap<>(stops);
        if (next.remove(f.stop()) == null) {
          throw new IllegalStateException(
              "stop %s is lifted, but is not in force".formatted(f.stop()));
        }
        var nextOverdue = new TreeSet<>(overdue);
        nextOverdue.remove(f.stop());
        yield stops(next, nextOverdue, stopsMade);
      }
      case DeploymentBegan f ->
          deployment(new Deployment(f.deployment(), f.service(), f.at(), null, f.detail()), f.at());
      case DeploymentEnded f -> {
        Deployment one = deployments.get(f.deployment());
        if (one == null) {
          throw new IllegalStateException(
              "deployment %s ends, but is unknown".formatted(f.deployment()));
        }
        yield deployment(
            new Deployment(one.id(), one.service(), one.startedAt(), f.at(), one.detail()), f.at());
      }
      case TargetFrozen f -> {
        var next = new LinkedHashMap<>(frozen);
        next.put(f.service(), new Frozen(f.service(), f.remediation(), f.why(), f.at()));
        yield frozen(next);
      }
      case TargetThawed f -> {
        var next = new LinkedHashMap<>(frozen);
        next.remove(f.service());
        yield frozen(next);
      }
      case NoticeOwed f -> {
        var next = new ArrayList<>(owed);
        if (!f.channels().isEmpty()) next.add(new Owed(f.notice(), f.channels()));
        yield owed(next, noticesMade + 1);
      }
      case NoticeSettled f -> owed(settled(f), noticesMade);
    };
  }

  private List<Owed> settled(NoticeSettled f) {
    var next = new ArrayList<Owed>(owed.size());
    for (Owed one : owed) {
      if (!one.notice().id().equals(f.notice())) {
        next.add(one);
        continue;
      }
      var left = one.channels().stream().filter(c -> !c.equals(f.channel())).toList();
      if (!left.isEmpty()) next.add(new Owed(one.notice(), left));
    }
    return next;
  }

  private World deployment(Deployment one, Instant now) {
    var next = new LinkedHashMap<>(deployments);
    next.remove(one.id());
    next.put(one.id(), one);
    next.values()
        .removeIf(d -> {
          Instant end = d.finishedAt() != null ? d.finishedAt() : d.startedAt();
          return end.plus(DEPLOYMENTS_KEPT).isBefore(now);
        });
    dropSurplus(next, /* finished= */ true);
    dropSurplus(next, /* finished= */ false); // what is in progress holds others back: last
    return new World(
        at, incidents, remediations, stops, overdue, next, frozen, owed, stopsMade, noticesMade);
  }

  private static void dropSurplus(LinkedHashMap<String, Deployment> all, boolean finished) {
    var oldest = all.values().iterator();
    while (all.size() > DEPLOYMENTS_MAX && oldest.hasNext()) {
      if ((oldest.next().finishedAt() != null) == finished) oldest.remove();
    }
  }

  private World stops(Map<String, Stop> next, Set<String> nextOverdue, long made) {
    return new World(
        at,
        incidents,
        remediations,
        next,
        nextOverdue,
        deployments,
        frozen,
        owed,
        made,
        noticesMade);
  }

  private World frozen(Map<String, Frozen> next) {
    return new World(
        at,
        incidents,
        remediations,
        stops,
        overdue,
        deployments,
        next,
        owed,
        stopsMade,
        noticesMade);
  }

  private World owed(List<Owed> next, long made) {
    return new World(
        at,
        incidents,
        remediations,
        stops,
        overdue,
        deployments,
        frozen,
        List.copyOf(next),
        stopsMade,
        made);
  }

  /** As people see it. */
  State state(long head, @Nullable String journalDown) {
    return new State(
        head,
        at,
        incidents.byId(),
        remediations.byId(),
        Collections.unmodifiableMap(stops),
        Collections.unmodifiableMap(deployments),
        Collections.unmodifiableMap(frozen),
        journalDown);
  }
}
