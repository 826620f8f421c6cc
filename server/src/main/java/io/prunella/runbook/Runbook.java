// Long because: the parts of a runbook, a small record each, read best on one page.
package io.prunella.runbook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known to help against a pattern, as loaded from YAML and checked whole.
 *
 * @param name unique in the catalogue
 * @param digest SHA-256 of the file's content, hex: what a plan is bound to
 * @param source the YAML text
 * @param tier 1 scale, 2 restart, 3 pre-approved, 4 approved by a person first
 * @param mode what it may do by itself
 * @param what one line: what it does; {@code whenToUse}, {@code whenNotToUse} the same
 * @param parameters defaults of its parameters, already range-checked
 * @param escalation who hears when it is at its end, or null: all, as of everything critical
 * @param owner who is asked about it; may be empty
 * @param trials its own tests, run whenever it is loaded
 */
public record Runbook(
    String name,
    String version,
    String digest,
    String source,
    int tier,
    Mode mode,
    String what,
    String whenToUse,
    String whenNotToUse,
    Map<String, Object> parameters,
    When when,
    Needs target,
    List<Check> preconditions,
    Limits limits,
    List<Step> steps,
    Verification verify,
    @Nullable Rollback rollback,
    @Nullable Escalation escalation,
    String owner,
    List<Trial> trials) {
  public Runbook {
    parameters = Map.copyOf(parameters);
    preconditions = List.copyOf(preconditions);
    steps = List.copyOf(steps);
    trials = List.copyOf(trials);
  }

  /** Without escalation, owner and tests: for tests of other rooms. */
  public Runbook(
      String name,
      String version,
      String digest,
      String source,
      int tier,
      Mode mode,
      String what,
      String whenToUse,
      String whenNotToUse,
      Map<String, Object> parameters,
      When when,
      Needs target,
      List<Check> preconditions,
      Limits limits,
      List<Step> steps,
      Verification verify,
      @Nullable Rollback rollback) {
    this(
        name,
        version,
        digest,
        source,
        tier,
        mode,
        what,
        whenToUse,
        whenNotToUse,
        parameters,
        when,
        target,
        preconditions,
        limits,
        steps,
        verify,
        rollback,
        null,
        "",
        List.of());
  }

  /** The same with another mode, as configuration says. */
  public Runbook withMode(Mode other) {
    return new Runbook(
        name,
        version,
        digest,
        source,
        tier,
        other,
        what,
        whenToUse,
        whenNotToUse,
        parameters,
        when,
        target,
        preconditions,
        limits,
        steps,
        verify,
        rollback,
        escalation,
        owner,
        trials);
  }

  /** What a runbook may do by itself. */
  public enum Mode {
    OBSERVE,
    SUGGEST,
    AUTO
  }

  /**
   * @param pattern the pattern it helps against
   * @param lasting how long the incident must have lasted
   * @param confidenceMin below this it only suggests
   * @param alerts of each of these at least one alert must fire
   * @param notIf of none of these may an alert fire
   */
  public record When(
      String pattern,
      Duration lasting,
      double confidenceMin,
      List<AlertSelector> alerts,
      List<AlertSelector> notIf) {
    public When {
      alerts = List.copyOf(alerts);
      notIf = List.copyOf(notIf);
    }

    /** Whatever alerts fire. */
    public When(String pattern, Duration lasting, double confidenceMin) {
      this(pattern, lasting, confidenceMin, List.of(), List.of());
    }
  }

  /**
   * Which alerts of Prometheus are meant.
   *
   * @param labels all of these must be there and equal; values with {@code {{ expression }}} in
   *     them are filled in first. Never empty: that would mean every alert
   */
  public record AlertSelector(Map<String, String> labels) {
    public AlertSelector {
      labels = Map.copyOf(labels);
      if (labels.isEmpty()) {
        throw new IllegalArgumentException(
            "an alert selector has no labels; at least one is wanted");
      }
    }
  }

  /**
   * @param kinds target kinds it can act on, e.g. {@code redis}
   * @param roles target roles that it may act on; empty: any
   * @param cacheOnly true: automatic only where the target is declared {@code cacheOnly}, else a
   *     person is asked
   * @param labels labels that the target must have, with any value
   */
  public record Needs(
      List<String> kinds, List<String> roles, boolean cacheOnly, List<String> labels) {
    public Needs {
      kinds = List.copyOf(kinds);
      roles = List.copyOf(roles);
      labels = List.copyOf(labels);
    }

    /** Without labels. */
    public Needs(List<String> kinds, List<String> roles, boolean cacheOnly) {
      this(kinds, roles, cacheOnly, List.of());
    }

    /**
     * True when the target's kind, role and labels fit; {@code cacheOnly} is the guardrail's to
     * judge.
     */
    public boolean accepts(Target target) {
      return kinds.contains(target.kind())
          && (roles.isEmpty() || roles.contains(target.role()))
          && labels.stream().allMatch(label -> !target.labels().getOrDefault(label, "").isBlank());
    }
  }

  /** A named expression (CEL) that must be true; no data is inconclusive. */
  public record Check(String name, String expression) {}

  /**
   * May only tighten what the global policy says; null: as the policy says.
   *
   * @param abortIf what must not hold while it runs: the run is aborted when one does, or cannot be
   *     told
   * @param windows times of its own, besides the policy's
   * @param shortCircuit stricter than the policy's
   * @param concurrency stricter than the policy's
   * @param deny targets that it leaves alone, whoever signs
   * @param scaleOutCumulativePercentMax growth per incident, of the count at its start
   */
  public record Limits(
      @Nullable Integer scaleOutPercentMax,
      @Nullable Boolean minStepOne,
      @Nullable Integer attemptsMax,
      @Nullable Duration deadline,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<Check> abortIf,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Windows windows,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ShortCircuit shortCircuit,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Concurrency concurrency,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<TargetClass> deny,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer scaleOutCumulativePercentMax) {
    public Limits {
      abortIf = abortIf == null ? List.of() : List.copyOf(abortIf);
      deny = deny == null ? List.of() : List.copyOf(deny);
    }

    /** Never null, also where an older fact does not have it. */
    @Override
    public List<Check> abortIf() {
      return Objects.requireNonNull(abortIf);
    }

    /** Never null, also where an older fact does not have it. */
    @Override
    public List<TargetClass> deny() {
      return Objects.requireNonNull(deny);
    }

    /** The first of these targets that this one is among, or null when there is none. */
    public @Nullable TargetClass denied(Target target) {
      return deny().stream().filter(one -> one.has(target)).findFirst().orElse(null);
    }

    /** With nothing that aborts it. */
    public Limits(
        @Nullable Integer scaleOutPercentMax,
        @Nullable Boolean minStepOne,
        @Nullable Integer attemptsMax,
        @Nullable Duration deadline) {
      this(
          scaleOutPercentMax,
          minStepOne,
          attemptsMax,
          deadline,
          null,
          null,
          null,
          null,
          null,
          null);
    }
  }

  /**
   * When its steps may begin, as far as that is less than what the policy allows.
   *
   * @param deny times in which none begins
   * @param allow when there are any: none begins outside of them, nor outside of the policy's
   * @param calendars calendars of the policy, by name, that hold it back too
   */
  public record Windows(List<CronWindow> deny, List<CronWindow> allow, List<String> calendars) {
    public Windows {
      deny = List.copyOf(deny);
      allow = List.copyOf(allow);
      calendars = List.copyOf(calendars);
    }

    /** Why no step may begin at this time, or null when one may; calendars are not looked at. */
    @Nullable String closedAt(Instant at) {
      for (CronWindow one : deny) {
        var held = one.heldAt(at);
        if (held.isPresent()) return held.get().why();
      }
      boolean inside =
          allow.isEmpty()
              || allow.stream()
                  .anyMatch(one -> one.opensAt(at).filter(t -> !t.isAfter(at)).isPresent());
      return inside ? null : "outside of its %d windows".formatted(allow.size());
    }
  }

  /**
   * How many may be ill before this runbook is no answer; null: as the policy says.
   *
   * @param unhealthyPercentMax so much of the targets of one environment, 1 to 100, rounded down
   * @param unhealthyMax so many, however many there are
   * @param stormCooldown after too many were ill, nothing begins for so long
   */
  public record ShortCircuit(
      @Nullable Integer unhealthyPercentMax,
      @Nullable Integer unhealthyMax,
      @Nullable Duration stormCooldown) {
    /** So many ill at once may be chance, however few targets there are: no share says more. */
    private static final int CHANCE = 2;

    /** How many may be ill at once by what it says itself. */
    int illMax(int pool) {
      Integer percentMax = unhealthyPercentMax;
      Integer max = unhealthyMax;
      return illMax(
          percentMax == null ? 100 : percentMax, max == null ? Integer.MAX_VALUE : max, pool);
    }

    /**
     * How many may be ill at once.
     *
     * @param percentMax of the pool, rounded down
     * @param max however large the pool is
     * @param pool how many targets there are
     */
    public static int illMax(int percentMax, int max, int pool) {
      int most = Math.min(max, (int) ((long) pool * percentMax / 100));
      return Math.max(Math.min(CHANCE, max), most);
    }
  }

  /**
   * How many remediations may be under way, its own among them, when a step of this runbook begins;
   * null: as the policy says.
   *
   * @param max of whatever runbook, wherever
   * @param perDomainMax of whatever runbook, in the failure domain of its target
   */
  public record Concurrency(@Nullable Integer max, @Nullable Integer perDomainMax) {}

  /**
   * @param arguments values with {@code {{ expression }}} in them, evaluated when the plan is made
   */
  public record Step(String id, String action, Map<String, String> arguments, Duration timeout) {}

  /**
   * @param settle wait before the first reading; {@code interval} between readings
   * @param consecutiveSuccesses so many fresh successes in a row are needed
   * @param failuresMax more failed readings than this end it
   * @param deadline it must have succeeded by then
   * @param harmless checks that must hold all the time (do no harm)
   * @param onInconclusive what follows when its end comes and the last reading has said nothing;
   *     null: ROLLBACK
   */
  public record Verification(
      Duration settle,
      Duration interval,
      int consecutiveSuccesses,
      int failuresMax,
      Duration deadline,
      List<Check> checks,
      List<Check> harmless,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OnInconclusive onInconclusive) {
    /** Taken back when nothing can be told. */
    public Verification(
        Duration settle,
        Duration interval,
        int consecutiveSuccesses,
        int failuresMax,
        Duration deadline,
        List<Check> checks,
        List<Check> harmless) {
      this(settle, interval, consecutiveSuccesses, failuresMax, deadline, checks, harmless, null);
    }
  }

  /** What follows a verification that could tell nothing; it is never a success. */
  public enum OnInconclusive {
    /** What was done is taken back, where it can be. */
    ROLLBACK,
    /** It stays as it is, and people lead. */
    ESCALATE
  }

  /**
   * Who hears of it, and how loudly, when the runbook itself is at its end.
   *
   * @param after for which of these; all others are told everywhere, as ever
   * @param blockedFor a proposal that waits longer than this is handed to people; null: none is
   * @param channel way out to people, by its configured name; empty: all
   */
  public record Escalation(
      List<Reason> after, @Nullable Duration blockedFor, String channel, Severity severity) {
    public Escalation {
      after = List.copyOf(after);
    }

    /** What one says of this end, or null: there is none, or it says nothing of it. */
    public static @Nullable Escalation saidOf(Reason end, @Nullable Escalation its) {
      return its != null && its.after.contains(end) ? its : null;
    }
  }

  /** Why a runbook is at its end. */
  public enum Reason {
    ATTEMPTS_EXHAUSTED,
    ROLLBACK_FAILED,
    INDETERMINATE,
    BLOCKED
  }

  /** How loudly people are told. */
  public enum Severity {
    CRITICAL,
    WARNING
  }

  /**
   * The way back, with its own verification.
   *
   * @param when after which bad ends it is walked; null: after all of them
   */
  public record Rollback(
      List<Step> steps, List<Check> checks, Duration deadline, @Nullable List<BadEnd> when) {
    public Rollback {
      if (when != null) when = List.copyOf(when);
    }

    /** Walked after every bad end. */
    public Rollback(List<Step> steps, List<Check> checks, Duration deadline) {
      this(steps, checks, deadline, null);
    }
  }
}
