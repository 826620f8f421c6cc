package io.prunella.control;

import io.prunella.journal.Fact;
import io.prunella.remediation.Notice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen besides incidents and remediations. */
public sealed interface ControlFact extends Fact {
  /** A server has begun, with everything before it replayed. */
  record Started(Instant at, String why) implements ControlFact {}

  /** The journal could not be written for a while and can be again. */
  record JournalBack(Instant at, String why) implements ControlFact {}

  record StopPlaced(Instant at, Stop stop) implements ControlFact {}

  /** Its time is over: it stays in force and people are told. */
  record StopOverdue(Instant at, String stop) implements ControlFact {}

  record StopLifted(Instant at, String stop, String actor, String reason) implements ControlFact {}

  record DeploymentBegan(Instant at, String deployment, String service, String actor, String detail)
      implements ControlFact {}

  record DeploymentEnded(Instant at, String deployment, String actor, String detail)
      implements ControlFact {}

  /** Nothing is done to this target until a person lifts it. */
  record TargetFrozen(Instant at, String service, String remediation, String why)
      implements ControlFact {}

  record TargetThawed(Instant at, String service, String actor, String reason)
      implements ControlFact {}

  /**
   * People must be told.
   *
   * @param channels the ways out that were configured then: each is tried until it got through
   */
  record NoticeOwed(Instant at, Notice notice, List<String> channels) implements ControlFact {
    public NoticeOwed {
      channels = List.copyOf(channels);
    }
  }

  /** One channel has got it, or was given up with a reason. */
  record NoticeSettled(Instant at, String notice, String channel, @Nullable String givenUp)
      implements ControlFact {}
}
