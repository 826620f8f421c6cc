package io.prunella.runbook;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one runbook and checks it whole: structure, types and ranges, every expression, every
 * template, what its actions say of themselves, and its own tests. Any thread.
 */
public final class RunbookReader {
  private static final int CHARS_MAX = 256 << 10;
  private static final int ITEMS_MAX = 50;

  /** Half of the readings that are kept of a verification: a proof must lie whole among them. */
  private static final int READS_MAX = 100;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Duration DAY = Duration.ofDays(1);

  /** Arguments that are lists; element i is the argument {@code name.i}. */
  static final Set<String> LISTS = Set.of("argv", "probe");

  private final RunbookLint lint;
  private final RunbookTests tests;
  private final @Nullable PolicyBounds policy;

  /** Without a policy to judge limits by; where both say something, the stricter counts. */
  public RunbookReader(Expressions expressions, @Nullable Map<String, ActionTraits> actions) {
    this(expressions, actions, null);
  }

  /**
   * Made once.
   *
   * @param actions what is known of each action by name; null: actions are not checked
   * @param policy what no runbook may loosen; null: limits are not judged by it
   */
  public RunbookReader(
      Expressions expressions,
      @Nullable Map<String, ActionTraits> actions,
      @Nullable PolicyBounds policy) {
    this.policy = policy;
    this.lint = new RunbookLint(expressions, actions);
    this.tests = new RunbookTests(expressions, actions);
  }

  /**
   * Reads it.
   *
   * @param fileName for messages
   * @throws YamlException with everything that is wrong with it, by file and line
   */
  public Runbook read(String fileName, String yaml) {
    if (yaml.length() > CHARS_MAX) {
      throw new YamlException(
          List.of(
              "%s:1: the file has %d characters, at most %d are wanted"
                  .formatted(fileName, yaml.length(), CHARS_MAX)));
    }
    var problems = new Problems(fileName);
    Runbook runbook;
    try {
      var file = YamlMap.parse(fileName, yaml, problems);
      runbook = runbook(file, yaml, problems);
      file.done();
    } catch (StackOverflowError e) {
      // The parser descends once per level; the text is bounded, its depth is not.
      throw new YamlException(List.of(fileName + ":1: nested too deep to be a runbook"));
    } catch (YamlEngineException e) {
      throw new YamlException(
          List.of("%s:1: not YAML: %s".formatted(fileName, String.valueOf(e.getMessage()))));
    }
    problems.throwIfAny(); // the tests of a runbook that is wrong would only add noise
    for (var failure : tests.run(runbook)) {
      problems.add(failure.line(), "test \"%s\": %s".formatted(failure.test(), failure.why()));
    }
    problems.throwIfAny();
    return runbook;
  }

  private Runbook runbook(YamlMap file, String yaml, Problems problems) {
    wanted(file, "apiVersion", "prunella.io/v1");
    wanted(file, "kind", "Runbook");
    var metadata = file.map("metadata");
    var spec = file.map("spec");
    if (!spec.has("tier")) spec.problem("tier", "is missing, wanted a whole number from 1 to 4");
    int tier = (int) spec.whole("tier", 4, 1, 4);
    var description = spec.map("description");
    var parameters = new ParameterReader(spec.map("parameters")).read();
    var needs = needs(spec);
    var preconditions = checks(spec, "preconditions", parameters, problems);
    var steps = steps(spec, "steps", parameters, problems);
    if (steps.isEmpty()) spec.problem("steps", "is missing, wanted at least one step");
    var verify = verification(spec, parameters, problems);
    var rollback = spec.has("rollback") ? rollback(spec, verify, parameters, problems) : null;
    var runbook =
        new Runbook(
            name(metadata, "name"),
            metadata.text("version"),
            digest(yaml),
            yaml,
            tier,
            metadata.choice("mode", Runbook.Mode.class, Runbook.Mode.SUGGEST),
            description.text("what"),
            description.text("whenToUse"),
            description.text("whenNotToUse"),
            parameters,
            new MatchReader(lint, parameters.keySet(), problems).read(spec.map("match")),
            needs,
            preconditions,
            limits(spec.map("guardrails"), parameters, problems),
            steps,
            verify,
            rollback,
            spec.has("escalate") ? new EscalationReader(policy).read(spec.map("escalate")) : null,
            metadata.text("owner", ""),
            new TrialReader(needs, parameters).read(spec, problems));
    lint.judge(runbook, spec, problems);
    return runbook;
  }

  private static void wanted(YamlMap file, String key, String value) {
    String seen = file.text(key);
    if (!seen.isEmpty() && !seen.equals(value)) {
      file.problem(key, "is \"%s\", wanted %s".formatted(seen, value));
    }
  }

  static String name(YamlMap map, String key) {
    String name = map.text(key);
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      map.problem(
          key, "is \"%s\", wanted small letters, digits and hyphens, at most 63".formatted(name));
    }
    return name;
  }

  private static Runbook.Needs needs(YamlMap spec) {
    var target = spec.map("target");
    var kinds = target.texts("kinds");
    if (kinds.isEmpty()) {
      target.problem("kinds", "is empty, wanted at least one kind: nothing is meant by \"any\"");
    }
    return new Runbook.Needs(
        List.copyOf(kinds),
        List.copyOf(target.texts("roles")),
        target.flag("cacheOnly", /* otherwise= */ false),
        List.copyOf(target.texts("requireLabels")));
  }

  private Runbook.Limits limits(
      YamlMap guardrails, Map<String, Object> parameters, Problems problems) {
    var abortIf = checks(guardrails, "abortIf", parameters, problems);
    return new LimitsReader(policy).read(guardrails, abortIf);
  }

  private Runbook.Verification verification(
      YamlMap spec, Map<String, Object> parameters, Problems problems) {
    var verify = spec.map("verify");
    var second = Duration.ofSeconds(1);
    var settle = within(verify, "settle", Duration.ofSeconds(30), Duration.ZERO, DAY);
    var interval = within(verify, "interval", Duration.ofSeconds(15), second, DAY);
    int successes = (int) verify.whole("consecutiveSuccess", 3, 1, 100);
    var deadline = within(verify, "deadline", Duration.ofMinutes(10), second, DAY);
    var least = settle.plus(interval.multipliedBy(successes - 1L));
    if (deadline.compareTo(least) <= 0) {
      verify.problem(
          "deadline",
          "is %s, wanted more than the %s that settling and %d readings take"
              .formatted(shown(deadline), shown(least), successes));
    }
    var checks = checks(verify, "checks", parameters, problems);
    if (checks.isEmpty()) {
      verify.problem("checks", "is missing: what is not verified cannot have succeeded");
    }
    var harmless = checks(verify, "doNoHarm", parameters, problems);
    int reads = successes * (checks.size() + harmless.size());
    if (reads > READS_MAX) {
      verify.problem(
          "consecutiveSuccess",
          "is %d, which with %d checks makes %d readings in a row, at most %d are wanted"
              .formatted(successes, checks.size() + harmless.size(), reads, READS_MAX));
    }
    return new Runbook.Verification(
        settle,
        interval,
        successes,
        (int) verify.whole("failureLimit", 2, 0, 100),
        deadline,
        checks,
        harmless,
        verify.has("onInconclusive")
            ? verify.choice(
                "onInconclusive", Runbook.OnInconclusive.class, Runbook.OnInconclusive.ROLLBACK)
            : null);
  }

  private Runbook.Rollback rollback(
      YamlMap spec,
      Runbook.Verification verification,
      Map<String, Object> parameters,
      Problems problems) {
    var rollback = spec.map("rollback");
    var steps = steps(rollback, "steps", parameters, problems);
    if (steps.isEmpty()) rollback.problem("steps", "is missing, wanted at least one step");
    var verify = rollback.map("verify");
    var checks = checks(verify, "checks", parameters, problems);
    if (checks.isEmpty()) {
      verify.problem("checks", "is missing: a rollback is verified as well");
    }
    return new Runbook.Rollback(
        steps,
        checks,
        within(verify, "deadline", Duration.ofMinutes(5), Duration.ofSeconds(1), DAY),
        rollback.has("when") ? badEnds(rollback, verification.onInconclusive()) : null);
  }

  /** What {@code verify.onInconclusive} says must not be said otherwise here. */
  private static List<BadEnd> badEnds(
      YamlMap rollback, Runbook.@Nullable OnInconclusive onInconclusive) {
    var when = new ArrayList<BadEnd>();
    var words = rollback.texts("when");
    if (words.isEmpty()) {
      rollback.problem("when", "is empty, wanted at least one of " + BadEnd.wanted());
    }
    for (String word : words) {
      var end = BadEnd.of(word).orElse(null);
      if (end == null) {
        rollback.problem("when", "has \"%s\", wanted one of %s".formatted(word, BadEnd.wanted()));
      } else if (when.contains(end)) {
        rollback.problem("when", "has \"%s\" twice".formatted(word));
      } else {
        when.add(end);
      }
    }
    boolean goesBack = when.contains(BadEnd.INCONCLUSIVE);
    if (goesBack && onInconclusive == Runbook.OnInconclusive.ESCALATE) {
      rollback.problem(
          "when", "has inconclusive, but verify.onInconclusive is escalate; wanted one of them");
    }
    if (!goesBack && onInconclusive == Runbook.OnInconclusive.ROLLBACK) {
      rollback.problem(
          "when", "lacks inconclusive, but verify.onInconclusive is rollback; wanted both or none");
    }
    return when;
  }

  private List<Runbook.Check> checks(
      YamlMap map, String key, Map<String, Object> parameters, Problems problems) {
    var checks = new ArrayList<Runbook.Check>();
    var items = map.maps(key);
    bound(map, key, items.size());
    for (YamlMap item : items) {
      var check = new Runbook.Check(item.text("name"), item.text("check"));
      if (!check.expression().isEmpty()) {
        lint.check(check, item.lineOf("check"), parameters.keySet(), problems);
      }
      checks.add(check);
    }
    return checks;
  }

  private List<Runbook.Step> steps(
      YamlMap map, String key, Map<String, Object> parameters, Problems problems) {
    var steps = new ArrayList<Runbook.Step>();
    var items = map.maps(key);
    bound(map, key, items.size());
    for (YamlMap item : items) {
      var step =
          new Runbook.Step(
              name(item, "id"),
              item.text("action"),
              arguments(item.map("with")),
              within(
                  item,
                  "timeout",
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(1),
                  Duration.ofHours(1)));
      if (steps.stream().anyMatch(other -> other.id().equals(step.id()))) {
        item.problem("id", "is \"%s\", which another step has".formatted(step.id()));
      }
      lint.step(step, item, parameters.keySet(), problems);
      steps.add(step);
    }
    return steps;
  }

  private static Map<String, String> arguments(YamlMap with) {
    var arguments = new LinkedHashMap<String, String>();
    for (String name : with.keys()) {
      if (!LISTS.contains(name)) {
        arguments.put(name, with.text(name, ""));
        continue;
      }
      int i = 0;
      for (String element : with.texts(name)) arguments.put(name + "." + i++, element);
    }
    return arguments;
  }

  static Duration within(YamlMap map, String key, Duration otherwise, Duration min, Duration max) {
    var span = map.duration(key, otherwise);
    if (span.compareTo(min) >= 0 && span.compareTo(max) <= 0) return span;
    map.problem(key, "is %s, wanted %s to %s".formatted(shown(span), shown(min), shown(max)));
    return otherwise;
  }

  /** Refuses a list or a map with more entries than anybody would write. */
  static void bound(YamlMap map, String key, int entries) {
    if (entries <= ITEMS_MAX) return;
    map.problem(key, "has %d entries, at most %d are wanted".formatted(entries, ITEMS_MAX));
  }

  private static String shown(Duration span) {
    return span.toSeconds() + "s";
  }

  private static String digest(String yaml) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(yaml.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
