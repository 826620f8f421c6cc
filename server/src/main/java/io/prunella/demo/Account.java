package io.prunella.demo;

import io.prunella.control.State;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calm running account on the terminal: one line for each notable thing, with the simulated
 * time. Told by what changed between two states of control. One thread.
 */
final class Account {
  private static final int WIDTH_MAX = 160;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE HH:mm:ss", java.util.Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintWriter out;
  private @Nullable State before;
  private int faultsBegun;
  private int faultsOver;

  Account(PrintWriter out) {
    this.out = out;
  }

  /** One line. */
  void tell(Instant at, String who, String what) {
    String line = "%s  %-8s %s".formatted(TIME.format(at), who, what.replaceAll("\\s+", " "));
    out.println(line.length() <= WIDTH_MAX ? line : line.substring(0, WIDTH_MAX - 1) + "…");
    out.flush();
  }

  /** Begins to look: what was before is not told again. */
  void begin(State state) {
    before = state;
  }

  void faults(List<FleetApi.CausedFault> faults) {
    int begun = 0;
    int over = 0;
    for (var f : faults) {
      if (++begun > faultsBegun) {
        String what = Scenario.named(f.name()).map(Scenario::what).orElse("");
        tell(Instant.ofEpochMilli(f.begunMs()), "fault", f.name() + ": " + what);
      }
      if (f.overMs() != 0 && ++over > faultsOver) {
        tell(Instant.ofEpochMilli(f.overMs()), "fault", f.name() + " is over");
      }
    }
    faultsBegun = Math.max(faultsBegun, begun);
    faultsOver = Math.max(faultsOver, over);
  }

  void look(State state, Instant now) {
    var old = before;
    before = state;
    if (old == null || old.head() == state.head()) return;
    for (var incident : state.incidents().values()) {
      var was = old.incidents().get(incident.id());
      if (incident != was) incident(was, incident, now);
    }
    for (var remediation : state.remediations().values()) {
      var was = old.remediations().get(remediation.id());
      if (remediation != was) remediation(was, remediation, now);
    }
    for (var stop : state.stops().values()) {
      if (!old.stops().containsKey(stop.id())) {
        tell(now, stop.id(), "automation stopped by %s: %s".formatted(stop.actor(), stop.reason()));
      }
    }
    if (state.journalDown() != null && old.journalDown() == null) {
      tell(now, "journal", "cannot be written: " + state.journalDown());
    }
  }

  private void incident(@Nullable Incident was, Incident is, Instant now) {
    if (was == null) tell(now, is.id(), "opened: " + is.title());
    String belief = belief(is);
    if (!belief.isEmpty() && (was == null || !belief.equals(belief(was)))) {
      tell(now, is.id(), belief);
    }
    if (is.handedOver() != null && (was == null || was.handedOver() == null)) {
      tell(now, is.id(), "handed to people: " + is.handedOver());
    }
    if (is.status() == Incident.Status.RESOLVED && (was == null || was.status() != is.status())) {
      tell(now, is.id(), "resolved: " + (is.resolution() == null ? "" : is.resolution()));
    }
  }

  /** Culprit and best match; probabilities in tenths, so that it is not told again for a trifle. */
  private static String belief(Incident incident) {
    if (!incident.diagnosed()) return "";
    String culprit = incident.culprit() == null ? "unknown" : incident.culprit();
    if (incident.matches().isEmpty()) return "culprit %s, no known pattern".formatted(culprit);
    var best = incident.matches().getFirst();
    return "culprit %s, looks like %s (%s)"
        .formatted(culprit, best.pattern(), Math.round(best.probability() * 10) / 10.0);
  }

  private void remediation(@Nullable Remediation was, Remediation is, Instant now) {
    var plan = is.plan();
    if (was == null) {
      String what =
          "proposed: %s on %s (tier %d, confidence %.2f)"
              .formatted(
                  plan.runbook(), plan.target().service(), plan.tier(), is.confidence().value());
      tell(now, is.id(), what);
    }
    if (!is.steps().isEmpty() && (was == null || was.steps().isEmpty())) {
      tell(now, is.id(), "acts: " + String.join(", ", plan.diff()));
    }
    if (was != null && was.status() == is.status()) return;
    String what =
        switch (is.status()) {
          case AWAITING_APPROVAL -> "waits for a person: " + suggestion(is);
          case VERIFYING -> "watches whether it helped";
          case SUCCEEDED ->
              "verified: it helped" + (is.reviewWanted() ? "; a review is wanted" : "");
          case ROLLING_BACK -> "goes back: " + is.why();
          case ROLLED_BACK -> "went back, and that is verified";
          case PROPOSED, ADMITTED, PREFLIGHT, APPROVED, EXECUTING -> "";
          default -> word(is.status()) + (is.why().isEmpty() ? "" : ": " + is.why());
        };
    if (!what.isEmpty()) tell(now, is.id(), what);
  }

  private static String suggestion(Remediation is) {
    var asked = is.suggestion();
    return asked == null ? is.why() : asked.id() + " " + asked.why();
  }

  private static String word(Status status) {
    return status.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
