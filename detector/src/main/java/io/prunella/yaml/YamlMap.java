package io.prunella.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a YAML document. Each accessor marks its key as read, gives the default where the
 * key is absent, and notes a problem (and gives the default) where the value is not of the wanted
 * kind. {@link #done()} notes every key that nobody has read: a typo must not be silence. One
 * thread.
 */
public final class YamlMap {
  private static final int ALIASES_MAX = 50;
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d|w)");

  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> read = new HashSet<>();
  private final List<YamlMap> children = new ArrayList<>();
  private final Problems problems;
  private final String path;
  private final int line;

  private YamlMap(@Nullable Node node, String path, int line, Problems problems) {
    this.problems = problems;
    this.path = path;
    this.line = node == null ? line : line(node);
    if (node instanceof MappingNode map) fill(map);
    else if (node != null && !isNull(node))
      problem(this.line, path.isEmpty() ? "the document" : path, node, "a mapping");
  }

  private void fill(MappingNode map) {
    for (var tuple : map.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        if (values.put(key.getValue(), tuple.getValueNode()) != null) {
          problems.add(line(key), "key \"%s\" is given twice".formatted(key.getValue()));
        }
        lines.put(key.getValue(), line(key));
      } else {
        problems.add(line(tuple.getKeyNode()), "a key must be a plain word");
      }
    }
  }

  /**
   * Parses a document whose root is a mapping (or empty).
   *
   * @throws YamlException when it is not YAML; problems of values are only noted
   */
  public static YamlMap parse(String file, String text, Problems problems) {
    var settings =
        LoadSettings.builder()
            .setLabel(file)
            .setMaxAliasesForCollections(ALIASES_MAX)
            .setAllowDuplicateKeys(true)
            .build();
    try {
      return new YamlMap(new Compose(settings).composeString(text).orElse(null), "", 1, problems);
    } catch (MarkedYamlEngineException e) {
      int at = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new YamlException(List.of("%s:%d: not YAML: %s".formatted(file, at, e.getProblem())));
    }
  }

  /** Where this mapping begins, from 1. */
  public int line() {
    return line;
  }

  /** Where a key stands, or the mapping's own line. */
  public int lineOf(String key) {
    return lines.getOrDefault(key, line);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The keys in the document's order; asking for them does not mark them as read. */
  public Set<String> keys() {
    return java.util.Collections.unmodifiableSet(values.keySet());
  }

  /** Notes a problem of this mapping at a key. */
  public void problem(String key, String message) {
    problems.add(lineOf(key), at(key) + ": " + message);
  }

  /** Notes a problem of this mapping as a whole. */
  public void refuse(String message) {
    problems.add(line, path.isEmpty() ? message : path + ": " + message);
  }

  public String text(String key, String otherwise) {
    return scalar(key, "text", Optional::of).orElse(otherwise);
  }

  /** As {@link #text(String, String)}, but absence is a problem; then the answer is empty. */
  public String text(String key) {
    if (!has(key)) problems.add(line, at(key) + " is missing, wanted text");
    return text(key, "");
  }

  public boolean flag(String key, boolean otherwise) {
    return scalar(
            key,
            "true or false",
            t ->
                t.equals("true")
                    ? Optional.of(true)
                    : t.equals("false") ? Optional.of(false) : Optional.empty())
        .orElse(otherwise);
  }

  /** A whole number within bounds, both inclusive. */
  public long whole(String key, long otherwise, long min, long max) {
    return scalar(key, "a whole number from %d to %d".formatted(min, max), t -> within(t, min, max))
        .orElse(otherwise);
  }

  /** A number within bounds, both inclusive. */
  public double number(String key, double otherwise, double min, double max) {
    return scalar(key, "a number from %s to %s".formatted(min, max), t -> within(t, min, max))
        .orElse(otherwise);
  }

  /** A time span: {@code 90s}, {@code 5m}, {@code 1h30m}. */
  public Duration duration(String key, Duration otherwise) {
    return scalar(key, "a time span such as 90s, 5m or 1h30m", YamlMap::span).orElse(otherwise);
  }

  /** One of an enum's values, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    var names = new LinkedHashMap<String, E>();
    for (E value : type.getEnumConstants()) names.put(hyphenated(value), value);
    return scalar(
            key,
            "one of " + String.join(", ", names.keySet()),
            t -> Optional.ofNullable(names.get(t)))
        .orElse(otherwise);
  }

  /** An enum's value as it is written in a document: {@code STOP_NEW} is {@code stop-new}. */
  public static String hyphenated(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** The mapping below a key; an empty one when it is absent. */
  public YamlMap map(String key) {
    return child(take(key), at(key), lineOf(key));
  }

  /** The mappings of a list; empty when absent. */
  public List<YamlMap> maps(String key) {
    var maps = new ArrayList<YamlMap>();
    int i = 0;
    for (Node node : items(key))
      maps.add(child(node, "%s[%d]".formatted(at(key), i++), line(node)));
    return maps;
  }

  /** The texts of a list; empty when absent. */
  public List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (Node node : items(key)) {
      if (node instanceof ScalarNode scalar) texts.add(scalar.getValue());
      else problem(line(node), at(key), node, "text");
    }
    return texts;
  }

  /** A mapping of texts to texts; empty when absent. */
  public Map<String, String> textMap(String key) {
    var map = map(key);
    var texts = new LinkedHashMap<String, String>();
    for (String name : map.keys()) texts.put(name, map.text(name));
    return texts;
  }

  /** Notes every key, here and below, that nobody has read. */
  public void done() {
    for (var key : values.keySet()) {
      if (read.contains(key)) continue;
      problems.add(
          lineOf(key),
          "unknown key \"%s\", wanted one of %s"
              .formatted(at(key), String.join(", ", new java.util.TreeSet<>(read))));
    }
    children.forEach(YamlMap::done);
  }

  private YamlMap child(@Nullable Node node, String at, int line) {
    var child = new YamlMap(node, at, line, problems);
    children.add(child);
    return child;
  }

  private List<Node> items(String key) {
    Node node = take(key);
    if (node == null || isNull(node)) return List.of();
    if (node instanceof SequenceNode sequence) return sequence.getValue();
    problem(line(node), at(key), node, "a list");
    return List.of();
  }

  private @Nullable Node take(String key) {
    read.add(key);
    return values.get(key);
  }

  private <T> Optional<T> scalar(String key, String wanted, Function<String, Optional<T>> parse) {
    Node node = take(key);
    if (node == null || isNull(node)) return Optional.empty();
    Optional<T> value =
        node instanceof ScalarNode scalar ? parse.apply(scalar.getValue()) : Optional.empty();
    if (value.isEmpty()) problem(line(node), at(key), node, wanted);
    return value;
  }

  private void problem(int line, String at, Node seen, String wanted) {
    problems.add(line, "%s is %s, wanted %s".formatted(at, shown(seen), wanted));
  }

  private static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }

  private static Optional<Long> within(String text, long min, long max) {
    try {
      long value = Long.parseLong(text.replace("_", ""));
      return value < min || value > max ? Optional.empty() : Optional.of(value);
    } catch (NumberFormatException e) {
      return Optional.empty(); // the caller says what was wanted
    }
  }

  private static Optional<Double> within(String text, double min, double max) {
    try {
      double value = Double.parseDouble(text);
      return value >= min && value <= max ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // the caller says what was wanted
    }
  }

  /**
   * A time span as documents, flags and forms write it: {@code 90s}, {@code 1h30m}, {@code 0};
   * empty when it is none.
   */
  public static Optional<Duration> span(String text) {
    if (text.equals("0")) return Optional.of(Duration.ZERO);
    var parts = DURATION.matcher(text);
    var sum = Duration.ZERO;
    int end = 0;
    while (parts.find() && parts.start() == end) {
      end = parts.end();
      if (parts.group(1).length() > 9) return Optional.empty();
      sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
    }
    return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
  }

  private static Duration part(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
