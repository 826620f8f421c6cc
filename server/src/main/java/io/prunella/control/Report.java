package io.prunella.control;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.Planner.Planned;
import io.prunella.remediation.Remediation.CheckRead;
import io.prunella.remediation.Remediation.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an effect came to: it comes back into the mailbox and is taken in the next turn. */
sealed interface Report {
  /** Of the effect that it answers; also the order in which reports are taken. */
  String key();

  /**
   * @param remediation null for a new proposal
   */
  record Prepared(
      String key, String incident, @Nullable String remediation, Match match, Planned planned)
      implements Report {}

  /**
   * @param sends which sending it answers
   */
  record StepDone(
      String key, String remediation, String step, boolean back, int sends, Outcome outcome)
      implements Report {}

  /**
   * @param sends which sending it was asked about
   */
  record Probed(String key, String remediation, String step, boolean back, int sends, Probe found)
      implements Report {}

  /**
   * @param since of the remediation's state when it was read: another one is answered no more
   * @param freshAt time of the newest sample, or null
   */
  record ChecksRead(
      String key,
      String remediation,
      Instant since,
      Verdict verdict,
      List<CheckRead> reads,
      @Nullable Instant freshAt)
      implements Report {}

  /**
   * @param readAt when the look was asked for
   * @param reads one of each condition: PASS when it does not hold
   */
  record AbortsLooked(String key, String remediation, Instant readAt, List<CheckRead> reads)
      implements Report {}

  record Observed(String key, String service, @Nullable Instant freshAt) implements Report {}

  /**
   * @param failure null when it got through
   */
  record NoticeTried(String key, String notice, String channel, @Nullable String failure)
      implements Report {}

  record Diagnosis(
      String key, String incident, long revision, List<Suspect> suspects, List<Match> matches)
      implements Report {}
}
