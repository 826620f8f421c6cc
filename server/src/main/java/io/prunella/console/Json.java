package io.prunella.console;

import io.prunella.control.Progress;
import io.prunella.control.State;
import io.prunella.control.Stop;
import io.prunella.detect.AlarmBudget;
import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.journal.Entry;
import io.prunella.remediation.Plan;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Ruling;
import io.prunella.runbook.Target;
import io.prunella.signal.Change;
import io.prunella.watch.Windows;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The API's words for the state. Names are those of the OpenAPI contract; times are RFC 3339, NaN
 * is null.
 */
final class Json {
  private Json() {}

  static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  static @Nullable String time(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }

  private static @Nullable String time(long epochMs) {
    return epochMs == 0 ? null : Instant.ofEpochMilli(epochMs).toString();
  }

  static <T> JsonArray list(Collection<T> all, Function<T, ?> each) {
    var array = new JsonArray();
    for (T one : all) array.add(each.apply(one));
    return array;
  }

  private static JsonObject map(Map<String, String> texts) {
    var object = new JsonObject();
    texts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> object.put(e.getKey(), e.getValue()));
    return object;
  }

  /** An incident as it stands in a list. */
  static JsonObject brief(Incident incident) {
    return new JsonObject()
        .put("id", incident.id())
        .put("status", incident.status().name())
        .put("severity", incident.severity().name())
        .put("title", incident.title())
        .put("openedAt", time(incident.openedAt()))
        .put("updatedAt", time(incident.updatedAt()))
        .put("resolvedAt", time(incident.resolvedAt()))
        .put("services", list(incident.services().stream().sorted().toList(), s -> s))
        .put("culprit", incident.culprit())
        .put(
            "pattern",
            incident.matches().isEmpty() ? null : incident.matches().getFirst().pattern())
        .put("handedOver", incident.handedOver());
  }

  static JsonObject incident(Incident incident, State state, Progress progress) {
    return brief(incident)
        .put("revision", incident.revision())
        .put("diagnosed", incident.diagnosed())
        .put("resolution", incident.resolution())
        .put("symptoms", list(incident.symptoms().values(), Json::symptom))
        .put("suspects", list(incident.suspects(), Json::suspect))
        .put("matches", list(incident.matches(), Json::match))
        .put("changes", list(incident.changes(), Json::change))
        .put(
            "remediations",
            list(
                state.remediations().values().stream()
                    .filter(r -> r.plan().incident().equals(incident.id()))
                    .toList(),
                one -> remediation(one, progress)));
  }

  private static JsonObject symptom(Symptom symptom) {
    return new JsonObject()
        .put("key", symptom.key())
        .put("service", symptom.service())
        .put("instance", symptom.instance())
        .put("signal", symptom.signal().name())
        .put("metric", symptom.metric())
        .put("direction", symptom.direction().name())
        .put("shape", symptom.shape().name())
        .put("from", time(symptom.fromMs()))
        .put("to", time(symptom.toMs()))
        .put("at", time(symptom.atMs()))
        .put("value", number(symptom.value()))
        .put("expected", number(symptom.expected()))
        .put("lower", number(symptom.lower()))
        .put("upper", number(symptom.upper()))
        .put("surprise", number(symptom.surprise()))
        .put("reason", symptom.reason());
  }

  private static JsonObject suspect(Suspect suspect) {
    return new JsonObject()
        .put("service", suspect.service())
        .put("score", number(suspect.score()))
        .put("why", suspect.why());
  }

  private static JsonObject match(Match match) {
    return new JsonObject()
        .put("pattern", match.pattern())
        .put("title", match.title())
        .put("probability", match.probability())
        .put("evidence", list(match.evidence(), line -> line))
        .put("source", match.source())
        .put("digest", match.digest());
  }

  private static JsonObject change(Change change) {
    return new JsonObject()
        .put("service", change.service())
        .put("what", change.what())
        .put("at", time(change.atMs()))
        .put("detail", change.detail());
  }

  static JsonObject remediation(Remediation one, Progress progress) {
    var review = one.review();
    return new JsonObject()
        .put("id", one.id())
        .put("incident", one.plan().incident())
        .put("status", one.status().name())
        .put("why", one.why())
        .put("proposedAt", time(one.proposedAt()))
        .put("updatedAt", time(one.updatedAt()))
        .put("deadline", time(one.deadline()))
        .put("confidence", confidence(one.confidence()))
        .put("plan", plan(one.plan()))
        .put("guardrails", list(one.rulings(), r -> ruling(r.guardrail(), r.ruling())))
        .put("suggestion", one.suggestion() == null ? null : suggestion(one.suggestion()))
        .put("steps", list(one.steps(), run -> run(one, run, progress)))
        .put("checks", list(one.checks(), Json::check))
        .put("reviewWanted", one.reviewWanted())
        .put("review", review == null ? null : review(review));
  }

  private static JsonObject confidence(Remediation.Confidence confidence) {
    return new JsonObject()
        .put("value", number(confidence.value()))
        .put("match", number(confidence.match()))
        .put("record", number(confidence.record()))
        .put("worked", confidence.worked())
        .put("tried", confidence.tried())
        .put("counts", confidence.counts());
  }

  private static JsonObject plan(Plan plan) {
    return new JsonObject()
        .put("digest", plan.digest())
        .put("pattern", plan.pattern())
        .put("runbook", plan.runbook())
        .put("runbookDigest", plan.runbookDigest())
        .put("tier", plan.tier())
        .put("mode", plan.mode())
        .put("reversible", plan.isReversible())
        .put("target", target(plan.target()))
        .put("steps", list(plan.steps(), Json::step))
        .put("rollback", list(plan.rollback(), Json::step))
        .put("snapshot", map(plan.snapshot()))
        .put("diff", list(plan.diff(), line -> line));
  }

  private static JsonObject run(Remediation one, Remediation.StepRun run, Progress progress) {
    return new JsonObject()
        .put("step", run.step())
        .put("key", run.key())
        .put("back", run.back())
        .put("state", run.state().name())
        .put("intendedAt", time(run.intendedAt()))
        .put("answerBy", time(one.answerBy(run)))
        .put("endedAt", time(run.endedAt()))
        .put("soFar", progress.of(run))
        .put("output", run.output());
  }

  private static JsonObject check(Remediation.CheckRead check) {
    return new JsonObject()
        .put("at", time(check.at()))
        .put("check", check.check())
        .put("verdict", check.verdict().name())
        .put("seen", check.seen());
  }

  private static JsonObject review(Remediation.Review review) {
    return new JsonObject()
        .put("at", time(review.at()))
        .put("actor", review.actor())
        .put("good", review.good())
        .put("note", review.note());
  }

  private static JsonObject target(Target target) {
    return new JsonObject()
        .put("service", target.service())
        .put("kind", target.kind())
        .put("role", target.role())
        .put("environment", target.environment())
        .put("cacheOnly", target.cacheOnly());
  }

  private static JsonObject step(PlannedStep step) {
    return new JsonObject()
        .put("id", step.id())
        .put("action", step.action())
        .put("arguments", map(step.arguments()))
        .put("timeoutSeconds", step.timeout().toMillis() / 1e3)
        .put("idempotency", step.idempotency().name())
        .put("reversible", step.reversible());
  }

  private static JsonObject ruling(String guardrail, Ruling ruling) {
    var json = new JsonObject().put("guardrail", guardrail).put("why", ruling.why());
    return switch (ruling) {
      case Ruling.Allow _ -> json.put("ruling", "allow");
      case Ruling.Defer defer -> json.put("ruling", "defer").put("until", time(defer.until()));
      case Ruling.AskHuman ask -> json.put("ruling", "ask").put("approversMin", ask.approversMin());
      case Ruling.Deny _ -> json.put("ruling", "deny");
    };
  }

  private static JsonObject suggestion(Remediation.Suggestion suggestion) {
    return new JsonObject()
        .put("id", suggestion.id())
        .put("planDigest", suggestion.planDigest())
        .put("approversMin", suggestion.approversMin())
        .put("why", suggestion.why())
        .put("askedAt", time(suggestion.askedAt()))
        .put("expiresAt", time(suggestion.expiresAt()))
        .put(
            "decisions",
            list(
                suggestion.decisions(),
                d ->
                    new JsonObject()
                        .put("at", time(d.at()))
                        .put("actor", d.actor())
                        .put("decision", d.approve() ? "approve" : "reject")
                        .put("reason", d.reason())));
  }

  /** A suggestion with the remediation that it belongs to. */
  static JsonObject approval(Remediation one, Progress progress) {
    var suggestion =
        java.util.Objects.requireNonNull(one.suggestion(), "asked only of suggestions");
    return suggestion(suggestion)
        .put("status", Approval.of(one).name())
        .put("remediation", remediation(one, progress));
  }

  static JsonObject budget(AlarmBudget budget) {
    return new JsonObject()
        .put("falseIncidentsPerWeek", budget.perWeek())
        .put("level", budget.level())
        .put("candidatesPerWeek", budget.candidatesPerWeek())
        .put("weeks", budget.weeks())
        .put("candidates", budget.candidates())
        .put("allowed", budget.allowed())
        .put("reached", budget.reached());
  }

  static JsonObject stop(Stop stop) {
    return new JsonObject()
        .put("id", stop.id())
        .put("level", Say.level(stop.level()))
        .put("scope", stop.scope())
        .put("reason", stop.reason())
        .put("actor", stop.actor())
        .put("at", time(stop.at()))
        .put("expiresAt", time(stop.expiresAt()));
  }

  /** A sealed fact; its body as an object where it is one, so that readers need not parse twice. */
  static JsonObject entry(Entry entry) {
    return new JsonObject()
        .put("seq", entry.seq())
        .put("at", time(entry.at()))
        .put("actor", entry.actor())
        .put("type", entry.type())
        .put("body", body(entry.body()))
        .put("previous", entry.previous())
        .put("hash", entry.hash());
  }

  /**
   * A sealed fact for export: its body as the very text that was hashed, so that the chain can be
   * checked.
   */
  static JsonObject sealed(Entry entry) {
    return entry(entry).put("body", entry.body());
  }

  private static Object body(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      return text; // not an object: shown as it stands
    }
  }

  static JsonObject window(Windows.Window window) {
    var samples = new JsonArray();
    for (int i = 0; i < window.timesMs().length; i++) {
      samples.add(
          new JsonArray()
              .add(window.timesMs()[i])
              .add(number(window.values()[i]))
              .add(number(window.lower()[i]))
              .add(number(window.upper()[i])));
    }
    return series(window).put("limit", number(window.limit())).put("samples", samples);
  }

  /** A series without its samples, but for the last. */
  static JsonObject series(Windows.Window window) {
    int last = window.timesMs().length - 1;
    return new JsonObject()
        .put("series", window.labels().toString())
        .put("labels", map(window.labels().toMap()))
        .put("service", window.meaning().service())
        .put("instance", window.meaning().instance())
        .put("signal", window.meaning().signal().name())
        .put("title", window.meaning().title())
        .put("unit", window.meaning().scoredUnit())
        .put("lastAt", last < 0 ? null : time(window.timesMs()[last]))
        .put("lastValue", last < 0 ? null : number(window.values()[last]));
  }
}
