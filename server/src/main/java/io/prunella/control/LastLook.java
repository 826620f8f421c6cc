package io.prunella.control;

import io.prunella.remediation.Remediation;
import io.prunella.remediation.Remediation.StepRun;
import io.prunella.remediation.Remediation.StepState;
import io.prunella.remediation.Situation.StopInForce;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The look just before a call leaves. Between an intent on disk and its call a thread may wait for
 * long: the process was paused, another server leads, somebody has pressed halt, the watchdog has
 * taken the end as unknown. Then nothing is sent, and the step has surely not happened. Any thread.
 */
final class LastLook {
  private final Lease lease;
  private final InstantSource clock;
  private final Supplier<State> state;

  LastLook(Lease lease, InstantSource clock, Supplier<State> state) {
    this.lease = lease;
    this.clock = clock;
    this.state = state;
  }

  /** Why this call may not leave any more, or null when it may. */
  @Nullable String against(Effect.RunStep step) {
    if (!lease.isHeld()) return "not sent: this server does not lead any more";
    State seen = state.get();
    Instant wall = clock.instant();
    Instant now = wall.isAfter(seen.at()) ? wall : seen.at(); // a clock that jumped back tells less
    if (now.isAfter(step.notAfter())) {
      return "not sent: it is %s, it had to leave by %s".formatted(now, step.notAfter());
    }
    Remediation one = seen.remediations().get(step.remediation());
    if (one == null) return "not sent: remediation %s is not known".formatted(step.remediation());
    StepRun run = one.run(step.call().step().id(), step.back());
    boolean awaited = run != null && run.state() == StepState.INTENT && run.sends() == step.sends();
    if (!awaited) return "not sent: nobody waits for its end any more";
    for (Stop stop : seen.stops().values()) {
      boolean halted =
          stop.level() == Stop.Level.HALT
              && new StopInForce(stop.id(), true, stop.scope(), stop.reason()).covers(one.plan());
      if (halted) return "not sent: halted by %s (%s)".formatted(stop.id(), stop.reason());
    }
    return null;
  }
}
