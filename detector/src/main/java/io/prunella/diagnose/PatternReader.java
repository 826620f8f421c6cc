package io.prunella.diagnose;

import io.prunella.diagnose.DeclaredPattern.Term;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads declared patterns; every problem of a file is told with its line. */
final class PatternReader {
  private static final double CAP_MAX = 0.95;
  private static final double WEIGHT_MAX = 6;
  private static final int PATTERNS_MAX = 200;
  private static final int DEPTH_MAX = 4;
  private static final Set<String> CLAUSES =
      Set.of("symptom", "change", "role", "any", "all", "none");

  private final Problems problems;
  private final String digest;

  private PatternReader(Problems problems, String digest) {
    this.problems = problems;
    this.digest = digest;
  }

  static List<DeclaredPattern> read(String file, String yaml) {
    var problems = new Problems(file);
    var root = YamlMap.parse(file, yaml, problems);
    var reader = new PatternReader(problems, sha256(yaml));
    var patterns = new ArrayList<DeclaredPattern>();
    var names = new HashSet<String>();
    for (YamlMap map : root.maps("patterns")) {
      DeclaredPattern pattern = reader.pattern(map);
      if (!names.add(pattern.name())) {
        map.problem(
            "name", "\"%s\" is there twice, wanted a name of its own".formatted(pattern.name()));
      }
      patterns.add(pattern);
    }
    if (patterns.isEmpty())
      root.problem("patterns", "there is none, wanted a list of at least one");
    if (patterns.size() > PATTERNS_MAX) {
      root.problem(
          "patterns", "there are %d, wanted at most %d".formatted(patterns.size(), PATTERNS_MAX));
    }
    root.done();
    problems.throwIfAny();
    return patterns;
  }

  private DeclaredPattern pattern(YamlMap map) {
    String name = map.text("name");
    if (map.has("name") && !name.matches("[a-z][a-z0-9-]{0,62}")) {
      map.problem("name", "is \"%s\", wanted lower case words joined by hyphens".formatted(name));
    }
    var requires = terms(map, "requires");
    if (requires.isEmpty())
      map.problem("requires", "is empty, wanted at least one clause: else it fits everything");
    return new DeclaredPattern(
        name,
        map.text("title"),
        map.text("description"),
        map.text("check", ""),
        map.number("bias", 0, -WEIGHT_MAX, WEIGHT_MAX),
        map.number("cap", CAP_MAX, 0.05, CAP_MAX),
        requires,
        terms(map, "supports"),
        terms(map, "excludes"),
        digest);
  }

  private List<Term> terms(YamlMap map, String key) {
    var terms = new ArrayList<Term>();
    for (YamlMap entry : map.maps(key)) {
      Clause clause = clause(entry, 0);
      String say = entry.text("say");
      double weight = 0;
      double missing = 0;
      if (key.equals("supports")) {
        if (!entry.has("weight"))
          entry.problem("weight", "is missing, wanted a number of log-odds");
        weight = entry.number("weight", 0, 0, WEIGHT_MAX);
        missing = entry.number("missing", 0, 0, WEIGHT_MAX);
      }
      if (key.equals("excludes"))
        weight = entry.number("weight", Double.POSITIVE_INFINITY, 0, WEIGHT_MAX);
      if (clause != null) terms.add(new Term(clause, weight, missing, say));
    }
    return terms;
  }

  /** The one clause of an entry, or null after a problem was noted. */
  private @Nullable Clause clause(YamlMap entry, int depth) {
    var kinds = entry.keys().stream().filter(CLAUSES::contains).toList();
    if (kinds.size() != 1 || depth > DEPTH_MAX) {
      String wanted =
          depth > DEPTH_MAX
              ? "at most %d levels".formatted(DEPTH_MAX)
              : "exactly one of all, any, change, none, role, symptom";
      problems.add(
          entry.line(),
          "a clause has %s, wanted %s".formatted(kinds.isEmpty() ? "no kind" : kinds, wanted));
      return null;
    }
    String kind = kinds.getFirst();
    return switch (kind) {
      case "symptom" -> symptom(entry.map(kind));
      case "change" -> change(entry.map(kind));
      case "role" -> new Clause.OfRole(Set.copyOf(entry.texts(kind)));
      case "any" -> new Clause.AnyOf(clauses(entry, kind, depth));
      case "all" -> new Clause.AllOf(clauses(entry, kind, depth));
      default -> new Clause.NoneOf(clauses(entry, kind, depth));
    };
  }

  private List<Clause> clauses(YamlMap entry, String kind, int depth) {
    var clauses = new ArrayList<Clause>();
    for (YamlMap inner : entry.maps(kind)) {
      Clause clause = clause(inner, depth + 1);
      if (clause != null) clauses.add(clause);
    }
    if (clauses.isEmpty()) entry.problem(kind, "is empty, wanted at least one clause");
    return clauses;
  }

  private Clause symptom(YamlMap map) {
    return new Clause.OfSymptoms(
        map.choice("of", Clause.Whose.class, Clause.Whose.CULPRIT),
        choices(map, "signal", Signal.class),
        choices(map, "shape", Shape.class),
        map.has("direction") ? map.choice("direction", Direction.class, Direction.UP) : null,
        metric(map),
        map.number("points", 0, 0, Strength.POINTS_MAX),
        (int) map.whole("services", 1, 1, 1_000));
  }

  private Clause change(YamlMap map) {
    return new Clause.OfChange(
        map.choice("of", Clause.Whose.class, Clause.Whose.CULPRIT),
        Set.copyOf(map.texts("what")),
        map.duration("within", Duration.ofMinutes(30)));
  }

  private static java.util.regex.@Nullable Pattern metric(YamlMap map) {
    if (!map.has("metric")) return null;
    String text = map.text("metric");
    try {
      return java.util.regex.Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      map.problem(
          "metric",
          "is \"%s\", wanted a regular expression: %s".formatted(text, e.getDescription()));
      return null;
    }
  }

  private static <E extends Enum<E>> Set<E> choices(YamlMap map, String key, Class<E> type) {
    var byName = new LinkedHashMap<String, E>();
    for (E value : type.getEnumConstants()) byName.put(YamlMap.hyphenated(value), value);
    var chosen = EnumSet.noneOf(type);
    for (String text : map.texts(key)) {
      E value = byName.get(text);
      if (value != null) chosen.add(value);
      else
        map.problem(
            key, "is \"%s\", wanted one of %s".formatted(text, String.join(", ", byName.keySet())));
    }
    return chosen;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
