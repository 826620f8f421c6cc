package io.prunella.remediation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.prunella.runbook.BadEnd;
import io.prunella.runbook.Runbook;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a runbook asks for around its plan, pinned when the proposal is made: a runbook that is
 * changed or gone later changes nothing about a remediation that is under way.
 *
 * @param requester who proposed it: nobody approves their own request
 * @param confidenceMin below this it is only suggested
 * @param needsCacheOnly automatic only on a target that is declared {@code cacheOnly}
 * @param params the runbook's parameters with the values in force; whole numbers as {@code Long}
 * @param preconditions judged again just before the first step
 * @param limits tighter than the policy, or empty
 * @param verify how success is proven
 * @param escalation who hears when the runbook is at its end, or null: all
 * @param rollbackChecks what must hold after the way back; {@code rollbackLasting}: by then
 * @param rollbackWhen after which bad ends the way back is walked; null: after all of them
 */
public record Terms(
    String requester,
    double confidenceMin,
    boolean needsCacheOnly,
    Map<String, Object> params,
    List<Runbook.Check> preconditions,
    Runbook.Limits limits,
    Runbook.Verification verify,
    List<Runbook.Check> rollbackChecks,
    Duration rollbackLasting,
    @JsonInclude(JsonInclude.Include.NON_NULL) Runbook.@Nullable Escalation escalation,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<BadEnd> rollbackWhen) {
  /** Automatic proposals are requested by the service itself. */
  public static final String PRUNELLA = "prunella";

  /** For a remediation of which nothing is said: a test's. */
  public static final Terms NONE =
      new Terms(
          PRUNELLA,
          0,
          false,
          Map.of(),
          List.of(),
          new Runbook.Limits(null, null, null, null),
          new Runbook.Verification(
              Duration.ZERO,
              Duration.ofSeconds(30),
              1,
              0,
              Duration.ofMinutes(5),
              List.of(),
              List.of()),
          List.of(),
          Duration.ofMinutes(5),
          null,
          null);

  public Terms {
    var whole = new HashMap<String, Object>();
    params.forEach((name, value) ->
        whole.put(name, value instanceof Integer i ? (Object) i.longValue() : value));
    params = Map.copyOf(whole);
    preconditions = List.copyOf(preconditions);
    rollbackChecks = List.copyOf(rollbackChecks);
    if (rollbackWhen != null) rollbackWhen = List.copyOf(rollbackWhen);
  }

  /** Whether what was done is to be taken back after this end, where it can be. */
  public boolean takesBack(BadEnd end) {
    return end.isTakenBack(rollbackWhen, verify.onInconclusive());
  }

  /** A policy's maximum, or a runbook's own where that is stricter; null: it has none. */
  static int stricter(int policy, @Nullable Integer own) {
    return own == null ? policy : Math.min(own, policy);
  }

  /** What a runbook asks for. */
  static Terms of(Runbook runbook) {
    Runbook.@Nullable Rollback back = runbook.rollback();
    return new Terms(
        PRUNELLA,
        runbook.when().confidenceMin(),
        runbook.target().cacheOnly(),
        runbook.parameters(),
        runbook.preconditions(),
        runbook.limits(),
        runbook.verify(),
        back == null ? List.of() : back.checks(),
        back == null ? Duration.ZERO : back.deadline(),
        runbook.escalation(),
        back == null ? null : back.when());
  }
}
