package io.prunella.runbook;

import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code escalate}: who hears when the runbook is at its end. */
final class EscalationReader {
  private static final Map<String, Runbook.Reason> REASONS = reasons();
  private static final String BLOCKED = "blocked>";
  private static final Duration BLOCKED_MIN = Duration.ofMinutes(1);
  private static final Duration BLOCKED_MAX = Duration.ofDays(31);

  private final @Nullable PolicyBounds policy;

  /**
   * Made for each file.
   *
   * @param policy knows which channels there are; null: not judged
   */
  EscalationReader(@Nullable PolicyBounds policy) {
    this.policy = policy;
  }

  private static Map<String, Runbook.Reason> reasons() {
    var reasons = new LinkedHashMap<String, Runbook.Reason>();
    reasons.put("attemptsExhausted", Runbook.Reason.ATTEMPTS_EXHAUSTED);
    reasons.put("rollbackFailed", Runbook.Reason.ROLLBACK_FAILED);
    reasons.put("indeterminate", Runbook.Reason.INDETERMINATE);
    return reasons;
  }

  Runbook.Escalation read(YamlMap escalate) {
    var after = new ArrayList<Runbook.Reason>();
    Duration blockedFor = null;
    var words = escalate.texts("after");
    if (words.isEmpty()) escalate.problem("after", "is empty, wanted at least one of " + wanted());
    for (String word : words) {
      var reason = word.startsWith(BLOCKED) ? Runbook.Reason.BLOCKED : REASONS.get(word);
      if (reason == Runbook.Reason.BLOCKED) blockedFor = span(escalate, word);
      if (reason == null) {
        escalate.problem("after", "has \"%s\", wanted one of %s".formatted(word, wanted()));
      } else if (after.contains(reason)) {
        escalate.problem("after", "has \"%s\" twice".formatted(word));
      } else {
        after.add(reason);
      }
    }
    return new Runbook.Escalation(
        after,
        blockedFor,
        channel(escalate),
        escalate.choice("severity", Runbook.Severity.class, Runbook.Severity.CRITICAL));
  }

  /** One end by its word: {@code rollbackFailed}, or {@code blocked>40m} after so long a wait. */
  static Trial.@Nullable Over end(YamlMap map, String key) {
    String word = map.text(key);
    var reason = word.startsWith(BLOCKED) ? Runbook.Reason.BLOCKED : REASONS.get(word);
    var waited =
        reason == Runbook.Reason.BLOCKED
            ? YamlMap.span(word.substring(BLOCKED.length())).orElse(null)
            : Duration.ZERO;
    if (reason != null && waited != null) return new Trial.Over(reason, waited);
    if (!word.isEmpty()) {
      map.problem(key, "is \"%s\", wanted one of %s".formatted(word, wanted()));
    }
    return null;
  }

  private static Duration span(YamlMap escalate, String word) {
    var span = YamlMap.span(word.substring(BLOCKED.length())).orElse(Duration.ZERO);
    if (span.compareTo(BLOCKED_MIN) < 0 || span.compareTo(BLOCKED_MAX) > 0) {
      escalate.problem(
          "after",
          "has \"%s\", wanted a time span of %dm to %dd after %s"
              .formatted(word, BLOCKED_MIN.toMinutes(), BLOCKED_MAX.toDays(), BLOCKED));
    }
    return span;
  }

  private String channel(YamlMap escalate) {
    String channel = escalate.text("to", "");
    Set<String> known = policy == null ? null : policy.channels();
    if (!channel.isEmpty() && known != null && !known.contains(channel)) {
      escalate.problem(
          "to",
          "is \"%s\", wanted a name of notifications of the configuration: %s"
              .formatted(channel, known.isEmpty() ? "there are none" : String.join(", ", known)));
    }
    return channel;
  }

  private static String wanted() {
    return String.join(", ", List.copyOf(REASONS.keySet())) + ", " + BLOCKED + "15m";
  }
}
