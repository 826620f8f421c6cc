package io.prunella.runbook;

import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code guardrails}: what a runbook asks for beyond the policy, never less. */
final class LimitsReader {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WINDOW_MAX = Duration.ofDays(31);

  private final @Nullable PolicyBounds policy;

  /**
   * Made for each file.
   *
   * @param policy what may not be exceeded; null: not known, then the stricter of both counts later
   */
  LimitsReader(@Nullable PolicyBounds policy) {
    this.policy = policy;
  }

  private enum Unreadable {
    DENY
  }

  /**
   * Reads it.
   *
   * @param abortIf as read by whoever reads checks
   */
  Runbook.Limits read(YamlMap guardrails, List<Runbook.Check> abortIf) {
    var radius = guardrails.map("blastRadius");
    var attempts = guardrails.map("attempts");
    return new Runbook.Limits(
        radius.has("maxScaleOutPercent")
            ? (int) radius.whole("maxScaleOutPercent", 25, 1, 25)
            : null,
        radius.has("minStepOne") ? radius.flag("minStepOne", false) : null,
        attempts.has("max") ? (int) attempts.whole("max", 3, 1, 3) : null,
        guardrails.has("deadline")
            ? RunbookReader.within(guardrails, "deadline", DAY, Duration.ofSeconds(10), DAY)
            : null,
        abortIf,
        guardrails.has("windows") ? windows(guardrails.map("windows")) : null,
        guardrails.has("shortCircuit") ? shortCircuit(guardrails.map("shortCircuit")) : null,
        guardrails.has("concurrency") ? concurrency(guardrails.map("concurrency")) : null,
        deny(guardrails),
        radius.has("cumulativePercent") ? cumulative(radius) : null);
  }

  private int cumulative(YamlMap radius) {
    int max = policy == null ? Integer.MAX_VALUE : policy.scaleOutCumulativePercentMax();
    return atMost(radius, "cumulativePercent", 1_000, max);
  }

  private static List<TargetClass> deny(YamlMap guardrails) {
    var all = new ArrayList<TargetClass>();
    var texts = guardrails.texts("deny");
    RunbookReader.bound(guardrails, "deny", texts.size());
    for (String text : texts) {
      TargetClass.of(text)
          .ifPresentOrElse(
              all::add,
              () ->
                  guardrails.problem(
                      "deny",
                      ("has \"%s\", wanted ROLE.ENVIRONMENT such as database.production, with * for"
                              + " any in one of the places")
                          .formatted(text)));
    }
    return all;
  }

  private Runbook.Windows windows(YamlMap windows) {
    String zone = windows.text("timezone", "UTC");
    windows.choice("onUnreadable", Unreadable.class, Unreadable.DENY); // allow would be looser
    var calendars = windows.texts("calendars");
    Set<String> known = policy == null ? null : policy.calendars();
    for (String name : calendars) {
      if (known == null || known.contains(name)) continue;
      windows.problem(
          "calendars",
          "has \"%s\", wanted one of guardrails.calendars of the configuration: %s"
              .formatted(name, known.isEmpty() ? "there are none" : String.join(", ", known)));
    }
    return new Runbook.Windows(
        crons(windows, "deny", zone), crons(windows, "allow", zone), calendars);
  }

  private static List<CronWindow> crons(YamlMap windows, String key, String zone) {
    var all = new ArrayList<CronWindow>();
    var items = windows.maps(key);
    RunbookReader.bound(windows, key, items.size());
    for (YamlMap item : items) {
      if (!item.has("lasting")) item.problem("lasting", "is missing, wanted how long, e.g. 8h");
      var one =
          new CronWindow(
              item.text("name"),
              item.text("cron"),
              RunbookReader.within(
                  item, "lasting", Duration.ofHours(1), Duration.ofMinutes(1), WINDOW_MAX),
              item.text("timezone", zone));
      if (!one.cron().isEmpty()) one.problem().ifPresent(item::refuse);
      all.add(one);
    }
    return all;
  }

  private Runbook.ShortCircuit shortCircuit(YamlMap map) {
    int percentMax = policy == null ? 100 : policy.unhealthyPercentMax();
    int max = policy == null ? Integer.MAX_VALUE : policy.unhealthyMax();
    var cooldown = policy == null ? Duration.ZERO : policy.stormCooldown();
    return new Runbook.ShortCircuit(
        map.has("maxUnhealthyPercent") ? atMost(map, "maxUnhealthyPercent", 100, percentMax) : null,
        map.has("maxUnhealthy") ? atMost(map, "maxUnhealthy", 1_000_000, max) : null,
        map.has("stormCooldown") ? atLeast(map, "stormCooldown", cooldown) : null);
  }

  private Runbook.Concurrency concurrency(YamlMap map) {
    int max = policy == null ? Integer.MAX_VALUE : policy.concurrentMax();
    int perDomainMax = policy == null ? Integer.MAX_VALUE : policy.perDomainMax();
    map.whole("perTarget", 1, 1, 1); // the lock's; more would be looser
    return new Runbook.Concurrency(
        map.has("global") ? atMost(map, "global", 1_000_000, max) : null,
        map.has("perFailureDomain")
            ? atMost(map, "perFailureDomain", 1_000_000, perDomainMax)
            : null);
  }

  private static int atMost(YamlMap map, String key, int max, int policy) {
    int seen = (int) map.whole(key, 1, 1, max);
    if (seen > policy) {
      map.problem(
          key,
          "is %d, looser than the policy's %d; wanted as much or less".formatted(seen, policy));
    }
    return seen;
  }

  private static Duration atLeast(YamlMap map, String key, Duration policy) {
    var seen = RunbookReader.within(map, key, DAY, Duration.ZERO, DAY);
    if (seen.compareTo(policy) < 0) {
      map.problem(
          key,
          "is %ds, looser than the policy's %ds; wanted as long or longer"
              .formatted(seen.toSeconds(), policy.toSeconds()));
    }
    return seen;
  }
}
