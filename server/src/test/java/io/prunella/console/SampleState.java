// Long because: one world, told in literals; parts of it mean nothing without the others.
package io.prunella.console;

// Long because: it is one state with something of everything in it, for every page.
import io.prunella.control.State;
import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.Plan;
import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Confidence;
import io.prunella.remediation.Remediation.Decision;
import io.prunella.remediation.Remediation.RuledBy;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Remediation.Suggestion;
import io.prunella.remediation.Remediation.Verdict;
import io.prunella.remediation.Ruling;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.Target;
import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state that {@link SampleWorld} shows: a bad deploy that waits for people, and some of
 * everything else.
 */
final class SampleState {
  static final String DIGEST = "7f3a9c1e5b7d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c1e3b5d7f9a1c3e5b7d9f1a";
  static final String HOSTILE = "<script>alert('x')</script>";
  private static final Instant NOW = SampleWorld.NOW;

  private SampleState() {}

  static State empty() {
    return new State(0, NOW, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), null);
  }

  static State busy() {
    var incidents = new LinkedHashMap<String, Incident>();
    var remediations = new LinkedHashMap<String, Remediation>();
    past(incidents, remediations);
    add(incidents, hostile());
    add(incidents, disk());
    add(incidents, checkout());
    add(remediations, cacheTrim());
    add(remediations, restarted());
    add(remediations, rollback());
    add(remediations, expired());
    var frozen =
        Map.of(
            "mail-relay",
            new State.Frozen("mail-relay", "REM-3", "the way back failed twice", ago(190)));
    var deployments =
        Map.of(
            "dep-42",
            new State.Deployment(
                "dep-42", "checkout-api", ago(9 * 60), ago(8 * 60), "v2.41.3 → v2.42.0"));
    return new State(120, NOW, incidents, remediations, Map.of(), deployments, frozen, null);
  }

  private static void add(Map<String, Incident> all, Incident one) {
    all.put(one.id(), one);
  }

  private static void add(Map<String, Remediation> all, Remediation one) {
    all.put(one.id(), one);
  }

  static Instant ago(long seconds) {
    return NOW.minusSeconds(seconds);
  }

  private static void past(Map<String, Incident> incidents, Map<String, Remediation> remediations) {
    for (int i = 1; i <= 30; i++) {
      Instant opened = NOW.minus(Duration.ofHours(31L * (31 - i)));
      boolean worked = i % 6 != 0;
      var match =
          new Match(
              "bad-deploy",
              "Bad deploy",
              0.9,
              List.of("errors rose 2 min after a deploy"),
              "declared",
              "d1");
      var incident =
          new Incident(
              "INC-" + i,
              3,
              Incident.Status.RESOLVED,
              i % 4 == 0 ? Incident.Severity.CRITICAL : Incident.Severity.WARNING,
              "p99 latency ×2.6 after a deploy of cart-web",
              opened,
              opened.plusSeconds(240),
              opened.plusSeconds(240),
              Set.of("cart-web"),
              Map.of(),
              List.of(new Suspect("cart-web", 0.8, "deployed 2 min before")),
              List.of(match),
              true,
              List.of(),
              null,
              "all symptoms are over");
      add(incidents, incident);
      var run =
          new StepRun(
              "undo",
              "k" + i,
              false,
              StepState.ACKED,
              opened.plusSeconds(60),
              opened.plusSeconds(70),
              "rolled back");
      add(
          remediations,
          remediation(
              "REM-P" + i,
              plan(incident.id(), "roll-back-deploy", "cart-web", 4),
              worked ? Status.SUCCEEDED : Status.ROLLED_BACK,
              0.86,
              List.of(run),
              null,
              "verified by 3 readings in a row",
              opened.plusSeconds(30)));
    }
  }

  // Long because: the incident of the pictures, with everything that an incident can have.
  private static Incident checkout() {
    var symptoms =
        List.of(
            symptom(
                "checkout-api",
                "",
                Signal.LATENCY,
                "http_request_duration_seconds_p99",
                0.465,
                0.212,
                24.8,
                "2.2 × what is expected",
                460),
            symptom(
                "checkout-api",
                "",
                Signal.ERRORS,
                "http_requests_errors_rate",
                0.038,
                0.004,
                19.1,
                "9.5 × what is expected",
                450),
            symptom(
                "checkout-api",
                "pod-7",
                Signal.POOL,
                "hikaricp_connections_active",
                58,
                31,
                12.0,
                "above the band of 18 to 44",
                440),
            symptom(
                "cart-web",
                "",
                Signal.TRAFFIC,
                "client_retries_total",
                212,
                64,
                9.4,
                "3.3 × what is expected",
                400));
    return incident(
        "INC-1093",
        Incident.Severity.CRITICAL,
        "checkout-api answers slowly and fails since a deploy",
        430,
        symptoms,
        List.of(
            new Suspect(
                "checkout-api", 0.91, "latency and pool shifted first, 70 s after its deploy"),
            new Suspect("cart-web", 0.22, "retries follow 40 s later; it calls checkout-api")),
        List.of(
            new Match(
                "bad-deploy",
                "Bad deploy",
                0.91,
                List.of(
                    "errors and latency shifted 70 s after a deploy",
                    "traffic is as expected",
                    "both callers see it"),
                "declared",
                "sha-1"),
            new Match(
                "dependency-outage",
                "Dependency outage",
                0.06,
                List.of("no callee is odd"),
                "declared",
                "sha-2")),
        List.of(
            new Change(
                "checkout-api", "deploy v2.42.0", ago(540).toEpochMilli(), "2.41.3 → 2.42.0")));
  }

  private static Incident disk() {
    var limit =
        new Symptom(
            "disk",
            "log-store",
            "node-3:9100",
            Signal.DISK,
            "node_filesystem_avail_bytes",
            Direction.UP,
            Shape.HEADROOM,
            ago(900).toEpochMilli(),
            0,
            ago(10).toEpochMilli(),
            0.87,
            Double.NaN,
            Double.NaN,
            0.8,
            0,
            "87 % used, above 80 %");
    return incident(
        "INC-1092",
        Incident.Severity.WARNING,
        "log-store: disk 87 % used",
        900,
        List.of(limit),
        List.of(new Suspect("log-store", 0.7, "the only service with a symptom")),
        List.of(
            new Match(
                "disk-filling",
                "Disk filling",
                0.97,
                List.of("87 % used", "full in about 3 h"),
                "declared",
                "sha-3")),
        List.of());
  }

  private static Incident hostile() {
    var odd = symptom(HOSTILE, HOSTILE, Signal.OTHER, "up", 1, 2, 8, HOSTILE, 5_000);
    var open =
        incident(
            "INC-1091",
            Incident.Severity.WARNING,
            HOSTILE + " is odd",
            5_000,
            List.of(odd),
            List.of(),
            List.of(),
            List.of());
    return new Incident(
        open.id(),
        2,
        open.status(),
        open.severity(),
        open.title(),
        open.openedAt(),
        open.updatedAt(),
        null,
        open.services(),
        open.symptoms(),
        List.of(),
        List.of(),
        true,
        List.of(),
        "no known pattern: a person leads",
        null);
  }

  private static Symptom symptom(
      String service,
      String instance,
      Signal signal,
      String metric,
      double value,
      double expected,
      double nats,
      String why,
      long since) {
    String key = metric + "{service=\"" + service + "\"}/surprise";
    return new Symptom(
        key,
        service,
        instance,
        signal,
        metric,
        Direction.UP,
        Shape.SHIFT,
        ago(since).toEpochMilli(),
        0,
        ago(5).toEpochMilli(),
        value,
        expected,
        expected * 0.85,
        expected * 1.2,
        nats,
        why);
  }

  private static Incident incident(
      String id,
      Incident.Severity severity,
      String title,
      long since,
      List<Symptom> symptoms,
      List<Suspect> suspects,
      List<Match> matches,
      List<Change> changes) {
    var byKey = new LinkedHashMap<String, Symptom>();
    var services = new TreeSet<String>();
    symptoms.forEach(s -> byKey.put(s.key(), s));
    symptoms.forEach(s -> services.add(s.service()));
    return new Incident(
        id,
        4,
        Incident.Status.OPEN,
        severity,
        title,
        ago(since),
        ago(20),
        null,
        services,
        byKey,
        suspects,
        matches,
        true,
        changes,
        null,
        null);
  }

  private static Remediation rollback() {
    var rulings =
        List.of(
            ruled("automation-on", new Ruling.Allow("no stop is in force")),
            ruled("deployment-window", new Ruling.Allow("no deployment of checkout-api for 8 min")),
            ruled("blast-radius", new Ruling.Allow("1 service, 12 of 12 pods, one at a time")),
            ruled(
                "one-service-per-incident", new Ruling.Allow("nothing else acted on for INC-1093")),
            ruled("attempts", new Ruling.Allow("1 of 3 used")),
            ruled("tier-policy", new Ruling.AskHuman("tier 4 wants 2 people", 2)));
    var suggestion =
        new Suggestion(
            "APR-2841",
            DIGEST,
            2,
            "tier 4 is approved by people first",
            ago(180),
            NOW.plusSeconds(578),
            List.of(
                new Decision(
                    ago(120),
                    "grace",
                    true,
                    "Same shape as INC-988; the rollback fixed that one in 3 min.",
                    "k")));
    var one =
        remediation(
            "REM-2841",
            plan("INC-1093", "roll-back-deploy", "checkout-api", 4),
            Status.AWAITING_APPROVAL,
            0.86,
            List.of(),
            suggestion,
            "waits for 2 people",
            ago(190));
    return with(one, rulings, List.of(), false);
  }

  private static RuledBy ruled(String rail, Ruling ruling) {
    return new RuledBy(rail, ruling);
  }

  private static Remediation restarted() {
    var run =
        new StepRun(
            "restart", "k-77", false, StepState.ACKED, ago(360), ago(340), "1 pod restarted");
    var checks =
        List.of(
            new CheckRead(
                ago(320), "latency back in its band", Verdict.FAIL, "455 ms, wanted below 260 ms"),
            new CheckRead(
                ago(290), "latency back in its band", Verdict.FAIL, "470 ms, wanted below 260 ms"));
    var one =
        remediation(
            "REM-2840",
            plan("INC-1093", "restart-one-pod", "checkout-api", 2),
            Status.ESCALATED,
            0.55,
            List.of(run),
            null,
            "verification failed; a restart cannot be taken back",
            ago(380));
    return with(one, List.of(), checks, false);
  }

  /** Of the step of {@link #running} that is out. */
  static final String RUNNING_KEY = "k-81";

  /** REM-2850, in the middle of its second step, with a long output behind it. */
  static Remediation running() {
    var done =
        new StepRun(
            "drain",
            "k-80",
            false,
            StepState.ACKED,
            ago(40),
            ago(30),
            "drained <pod> of 12; " + "waiting for connections to end; ".repeat(10));
    var out = new StepRun("undo", RUNNING_KEY, false, StepState.INTENT, ago(20), null, "");
    return new Remediation(
        "REM-2850",
        plan("INC-1093", "roll-back-deploy", "checkout-api", 4),
        Status.EXECUTING,
        new Confidence(0.86, 0.91, 0.94, 3, 3),
        List.of(),
        null,
        List.of(done, out),
        List.of(),
        "preflight is well",
        ago(50),
        ago(30),
        NOW.plusSeconds(300),
        false,
        null);
  }

  private static Remediation cacheTrim() {
    var run =
        new StepRun(
            "archive",
            "k-71",
            false,
            StepState.ACKED,
            ago(700),
            ago(650),
            "archived 4.1 GiB, 212 files");
    var checks = List.of(new CheckRead(ago(600), "disk below 80 %", Verdict.PASS, "71 %"));
    var one =
        remediation(
            "REM-2839",
            plan("INC-1092", "archive-logs", "log-store", 3),
            Status.SUCCEEDED,
            0.94,
            List.of(run),
            null,
            "verified by 3 readings in a row",
            ago(720));
    return with(one, List.of(), checks, true);
  }

  private static Remediation expired() {
    var suggestion =
        new Suggestion("APR-2838", "e".repeat(64), 1, "tier 4", ago(9_000), ago(8_000), List.of());
    return remediation(
        "REM-2838",
        plan("INC-1091", "scale-out", "mail-relay", 4),
        Status.EXPIRED,
        0.4,
        List.of(),
        suggestion,
        "nobody decided",
        ago(9_000));
  }

  private static Plan plan(String incident, String runbook, String service, int tier) {
    var target = new Target(service, "simulated", "stateless", "production", false, "", Map.of());
    var step =
        new PlannedStep(
            "undo",
            "simulated.undo",
            Map.of("to", "2.41.3"),
            Duration.ofSeconds(90),
            PlannedStep.Idempotency.D,
            true);
    var back =
        new PlannedStep(
            "redo",
            "simulated.undo",
            Map.of("to", "2.42.0"),
            Duration.ofSeconds(90),
            PlannedStep.Idempotency.D,
            true);
    return new Plan(
        incident,
        "bad-deploy",
        runbook,
        "b".repeat(64),
        tier,
        tier == 4 ? "suggest" : "auto",
        target,
        List.of(step),
        List.of(back),
        Map.of("version", "2.42.0"),
        List.of(
            "  deployment/" + service,
            "- image: registry.local/" + service + ":2.42.0",
            "+ image: registry.local/" + service + ":2.41.3",
            "- maxUnavailable: 3",
            "+ maxUnavailable: 1"),
        DIGEST);
  }

  private static Remediation remediation(
      String id,
      Plan plan,
      Status status,
      double confidence,
      List<StepRun> steps,
      @Nullable Suggestion suggestion,
      String why,
      Instant at) {
    return new Remediation(
        id,
        plan,
        status,
        new Confidence(confidence, 0.91, 0.94, 3, 3),
        List.of(),
        suggestion,
        steps,
        List.of(),
        why,
        at,
        at.plusSeconds(60),
        null,
        false,
        null);
  }

  private static Remediation with(
      Remediation r, List<RuledBy> rulings, List<CheckRead> checks, boolean review) {
    return new Remediation(
        r.id(),
        r.plan(),
        r.status(),
        r.confidence(),
        rulings,
        r.suggestion(),
        r.steps(),
        checks,
        r.why(),
        r.proposedAt(),
        r.updatedAt(),
        r.deadline(),
        review,
        r.review());
  }

  static Remediation decided(Remediation r, List<Decision> decisions, Status status, String why) {
    Suggestion asked = java.util.Objects.requireNonNull(r.suggestion());
    var now =
        new Suggestion(
            asked.id(),
            asked.planDigest(),
            asked.approversMin(),
            asked.why(),
            asked.askedAt(),
            asked.expiresAt(),
            decisions);
    return changed(r, now, status, why);
  }

  static Remediation withDigest(Remediation r, String digest) {
    Suggestion asked = java.util.Objects.requireNonNull(r.suggestion());
    var now =
        new Suggestion(
            asked.id(),
            digest,
            asked.approversMin(),
            asked.why(),
            asked.askedAt(),
            asked.expiresAt(),
            asked.decisions());
    return changed(r, now, r.status(), r.why());
  }

  private static Remediation changed(Remediation r, Suggestion asked, Status status, String why) {
    return new Remediation(
        r.id(),
        r.plan(),
        status,
        r.confidence(),
        r.rulings(),
        asked,
        r.steps(),
        r.checks(),
        why,
        r.proposedAt(),
        NOW,
        r.deadline(),
        r.reviewWanted(),
        r.review());
  }

  static List<Runbook> runbooks() {
    var runbooks = new ArrayList<Runbook>();
    for (String name : List.of("roll-back-deploy", "archive-logs", "restart-one-pod")) {
      runbooks.add(
          new Runbook(
              name,
              "1",
              "b".repeat(64),
              "apiVersion: prunella.io/v1\nkind: Runbook\nmetadata:\n  name: " + name + "\n",
              4,
              Runbook.Mode.SUGGEST,
              "Takes the last deploy back.",
              "Errors rose right after a deploy.",
              "A migration ran with it.",
              Map.of(),
              new Runbook.When("bad-deploy", Duration.ofMinutes(2), 0.7),
              new Runbook.Needs(List.of("simulated"), List.of(), false),
              List.of(),
              new Runbook.Limits(null, null, null, null),
              List.of(new Runbook.Step("undo", "simulated.undo", Map.of(), Duration.ofSeconds(90))),
              new Runbook.Verification(
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(15),
                  3,
                  4,
                  Duration.ofMinutes(5),
                  List.of(),
                  List.of()),
              null));
    }
    return runbooks;
  }
}
