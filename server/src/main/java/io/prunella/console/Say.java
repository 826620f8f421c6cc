package io.prunella.console;

import io.prunella.control.Stop;
import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.incident.Telling;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The console's words and colours for states: one place, so that a thing is called the same on
 * every page.
 */
final class Say {
  private Say() {}

  static String tier(int tier) {
    return switch (tier) {
      case 1 -> "Tier 1 · scales by itself";
      case 2 -> "Tier 2 · restarts by itself";
      case 3 -> "Tier 3 · runs, reviewed after";
      case 4 -> "Tier 4 · needs people";
      default -> "Tier 5 · led by people";
    };
  }

  static String status(Status status) {
    return switch (status) {
      case PROPOSED -> "proposed";
      case DENIED -> "not allowed";
      case BLOCKED -> "held back";
      case AWAITING_APPROVAL -> "waits for a decision";
      case REJECTED -> "rejected";
      case EXPIRED -> "expired, nothing done";
      case APPROVED -> "approved";
      case INVALIDATED -> "plan changed";
      case ADMITTED -> "admitted";
      case PREFLIGHT -> "last checks";
      case EXECUTING -> "running";
      case VERIFYING -> "verifying";
      case SUCCEEDED -> "worked, verified";
      case ROLLING_BACK -> "going back";
      case ROLLED_BACK -> "no effect, taken back";
      case ROLLBACK_FAILED -> "way back failed";
      case ESCALATED -> "handed to people";
      case INDETERMINATE -> "end unknown";
      case ABORTING -> "aborting";
      case ABORTED -> "aborted";
    };
  }

  /** What comes when the deadline of a state passes: "then …". */
  static String afterwards(Status status) {
    return switch (status) {
      case BLOCKED -> "it is judged again";
      case PROPOSED, ADMITTED, PREFLIGHT, APPROVED -> "it is not begun";
      case AWAITING_APPROVAL -> "it expires, which is a no";
      case EXECUTING, VERIFYING -> "it is taken back where that is possible, else people lead";
      case ROLLING_BACK, INDETERMINATE -> "people lead";
      case ABORTING -> "it ends, and people lead";
      case DENIED,
          REJECTED,
          EXPIRED,
          INVALIDATED,
          SUCCEEDED,
          ROLLED_BACK,
          ROLLBACK_FAILED,
          ESCALATED,
          ABORTED ->
          "nothing";
    };
  }

  /**
   * {@code good}, {@code bad}, {@code warn}, {@code busy} or {@code still}: class names and icons.
   */
  static String tone(Status status) {
    return switch (status) {
      case SUCCEEDED -> "good";
      case DENIED, ROLLBACK_FAILED, ESCALATED, INDETERMINATE -> "bad";
      case BLOCKED, AWAITING_APPROVAL, ROLLED_BACK, ROLLING_BACK, ABORTING, ABORTED -> "warn";
      case APPROVED, ADMITTED, PREFLIGHT, EXECUTING, VERIFYING -> "busy";
      case PROPOSED, REJECTED, EXPIRED, INVALIDATED -> "still";
    };
  }

  static String tone(Incident incident) {
    if (incident.status() == Incident.Status.RESOLVED) return "good";
    return incident.severity() == Incident.Severity.CRITICAL ? "bad" : "warn";
  }

  static String state(Incident incident) {
    if (incident.status() == Incident.Status.RESOLVED) return "resolved";
    return incident.severity() == Incident.Severity.CRITICAL ? "critical" : "warning";
  }

  static String tone(Ruling ruling) {
    return switch (ruling) {
      case Ruling.Allow _ -> "good";
      case Ruling.Defer _, Ruling.AskHuman _ -> "warn";
      case Ruling.Deny _ -> "bad";
    };
  }

  static String word(Ruling ruling) {
    return switch (ruling) {
      case Ruling.Allow _ -> "ok";
      case Ruling.Defer _ -> "waiting";
      case Ruling.AskHuman _ -> "asks people";
      case Ruling.Deny _ -> "blocked";
    };
  }

  static String tone(Remediation.StepState state) {
    return switch (state) {
      case ACKED, APPLIED -> "good";
      case FAILED -> "bad";
      case UNKNOWN, INDETERMINATE, NOT_APPLIED -> "warn";
      case INTENT, SENT -> "busy";
    };
  }

  static String word(Remediation.StepState state) {
    return switch (state) {
      case INTENT -> "under way";
      case SENT -> "sent";
      case ACKED -> "done";
      case FAILED -> "failed";
      case UNKNOWN -> "end not seen, probing";
      case APPLIED -> "done, seen by probe";
      case NOT_APPLIED -> "not done, seen by probe";
      case INDETERMINATE -> "end unknown";
    };
  }

  static String tone(Remediation.Verdict verdict) {
    return switch (verdict) {
      case PASS -> "good";
      case FAIL -> "bad";
      case INCONCLUSIVE -> "warn";
    };
  }

  static String word(Remediation.Verdict verdict) {
    return switch (verdict) {
      case PASS -> "pass";
      case FAIL -> "fail";
      case INCONCLUSIVE -> "no data";
    };
  }

  /** The level that a person named: {@code stop-new}, {@code halt}, and so on. */
  static Stop.Level level(String word) {
    for (Stop.Level level : Stop.Level.values()) {
      if (level(level).equals(word)) return level;
    }
    throw Problem.bad("That level is not known.", word, "stop-new, halt, maintenance or silence");
  }

  static String level(Stop.Level level) {
    return switch (level) {
      case HALT -> "halt";
      case STOP_NEW -> "stop-new";
      case MAINTENANCE -> "maintenance";
      case SILENCE -> "silence";
    };
  }

  static String stopped(Stop.Level level) {
    return switch (level) {
      case HALT -> "Halted";
      case STOP_NEW -> "Stopped";
      case MAINTENANCE -> "Maintenance";
      case SILENCE -> "Silence";
    };
  }

  static String levelLong(Stop.Level level) {
    return switch (level) {
      case HALT -> "Nothing is sent at all, not even a rollback.";
      case STOP_NEW -> "Nothing new begins; what runs may finish or go back.";
      case MAINTENANCE -> "No step forward begins until its time is over.";
      case SILENCE -> "No step forward begins, and nobody is told, until its time is over.";
    };
  }

  static String scope(String scope) {
    return scope.equals("all") ? "all automation" : scope.replace(":", " ");
  }

  /**
   * Words for a name in code: {@code one-service-per-incident} becomes {@code One service per
   * incident}.
   */
  static String words(String name) {
    String spaced = name.replaceAll("([a-z])([A-Z])", "$1 $2").replace('-', ' ').replace('_', ' ');
    String lower = spaced.toLowerCase(Locale.ROOT);
    return lower.isEmpty() ? "" : Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
  }

  /** What would be done, as a title: the runbook's name in words. */
  static String title(Remediation one) {
    return words(one.plan().runbook());
  }

  /** Symptoms with the most telling first, in the order by which an incident gets its title. */
  static List<Symptom> telling(Incident incident) {
    var all = incident.symptoms().values();
    return all.stream().sorted(Telling.first(all, incident.culprit())).toList();
  }

  /** How far the most telling symptom is from what was expected. */
  static String howFar(Incident incident) {
    var telling = telling(incident);
    if (telling.isEmpty()) return incident.title();
    Symptom lead = telling.getFirst();
    double factor = lead.value() / lead.expected();
    String what = lead.service() + ": " + words(lead.signal().name()).toLowerCase(Locale.ROOT);
    if (!lead.shape().isLimit() && factor >= 1.5 && factor < 1_000) {
      return "%s %s × what is expected".formatted(what, Numbers.plain(factor));
    }
    return what + ", " + lead.reason();
  }

  /** Whether what {@link #howFar} said adds nothing to the title. */
  static boolean isTitle(String title, String far) {
    return title.replace(",", "").startsWith(far.replace(",", ""));
  }

  /** What was tried already, or an empty text. */
  static String tried(List<Remediation> remediations) {
    var said = new ArrayList<String>();
    for (Remediation one : remediations) {
      if (!one.steps().isEmpty()) said.add(title(one) + ": " + status(one.status()) + ".");
    }
    return String.join(" ", said);
  }

  /** A step as a line of text: the action and what it gets. */
  static String step(PlannedStep step) {
    var text = new StringBuilder(step.action());
    step.arguments().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(e -> text.append(' ').append(e.getKey()).append('=').append(e.getValue()));
    return text.toString();
  }

  static String plural(long count, String one, String many) {
    return count == 1 ? "1 " + one : count + " " + many;
  }

  /** What surprises alone may cost people in alarms, and what follows from it. */
  static Map<String, String> budget(AlarmBudget budget) {
    var told = new LinkedHashMap<String, String>();
    told.put(
        "Asked for",
        "at most %s false %s a week, out of surprise alone"
            .formatted(
                Numbers.plain(budget.perWeek()), budget.perWeek() == 1 ? "incident" : "incidents"));
    told.put("Opens at", "%s × the configured lines".formatted(Numbers.plain(budget.level())));
    told.put(
        "Candidates",
        "%s a week reach half of the lines".formatted(Numbers.plain(budget.candidatesPerWeek())));
    told.put(
        "Learnt from",
        "%s candidates in %s weeks"
            .formatted(Numbers.plain(budget.candidates()), Numbers.plain(budget.weeks())));
    told.put(
        "Reach the level",
        "%s of them, of %s allowed"
            .formatted(Numbers.plain(budget.reached()), Numbers.plain(budget.allowed())));
    return told;
  }
}
