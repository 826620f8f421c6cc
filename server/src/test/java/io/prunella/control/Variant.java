package io.prunella.control;

import io.prunella.runbook.Runbook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A runbook like another one, of which a test exchanges the parts that it is about. */
final class Variant {
  private final Runbook base;
  String name;
  Runbook.When when;
  Runbook.Limits limits;
  Runbook.Verification verify;
  List<Runbook.Step> steps;
  Runbook.@Nullable Rollback rollback;
  Runbook.@Nullable Escalation escalation;

  Variant(Runbook base) {
    this.base = base;
    this.name = base.name();
    this.when = base.when();
    this.limits = base.limits();
    this.verify = base.verify();
    this.steps = base.steps();
    this.rollback = base.rollback();
  }

  Runbook made() {
    return new Runbook(
        name,
        base.version(),
        "digest of " + name,
        "",
        base.tier(),
        base.mode(),
        base.what(),
        "",
        "",
        base.parameters(),
        when,
        base.target(),
        base.preconditions(),
        limits,
        steps,
        verify,
        rollback,
        escalation,
        "",
        List.of());
  }
}
