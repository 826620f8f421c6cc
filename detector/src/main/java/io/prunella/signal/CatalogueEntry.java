package io.prunella.signal;

import io.prunella.series.Labels;
import io.prunella.yaml.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One line of the catalogue.
 *
 * @param when labels (one of several, split by |) and what their value must be
 * @param type as the entry says, or null to leave it to metadata and name
 * @param unit as the entry says, or empty to leave it to the name
 * @param title for people; empty for the metric's own name
 */
record CatalogueEntry(
    List<Glob> names,
    Map<List<String>, Pattern> when,
    Signal signal,
    Meaning.@Nullable Type type,
    @Nullable Direction worse,
    String unit,
    boolean whole,
    @Nullable Limit limit,
    String title) {

  /** What is said of a series that no entry fits. */
  static final CatalogueEntry UNKNOWN =
      new CatalogueEntry(
          List.of(new Glob("*")), Map.of(), Signal.OTHER, null, null, "", false, null, "");

  /** The part in a limit, before the labels are known. */
  record Limit(LimitPart.Role role, String of, List<String> by, double headroom) {
    LimitPart part(Labels labels, String service, String instance) {
      var resource = new StringBuilder(service).append('|').append(instance).append('|').append(of);
      for (String label : by) resource.append('|').append(labels.get(label, ""));
      return new LimitPart(resource.toString(), role, headroom);
    }
  }

  CatalogueEntry {
    names = List.copyOf(names);
    when = Map.copyOf(when);
  }

  /** Reads one entry; problems go to the document's list. */
  static CatalogueEntry read(YamlMap map) {
    var names = new ArrayList<Glob>();
    for (String name : map.has("name") ? List.of(map.text("name")) : map.texts("names")) {
      if (name.isEmpty()) map.problem("name", "is empty, wanted a metric's name, or * for any");
      else names.add(new Glob(name));
    }
    if (map.has("name") && map.has("names")) {
      map.problem("names", "stands beside name, wanted one of them");
      map.texts("names");
    }
    if (!map.has("name") && !map.has("names"))
      map.problem("name", "is missing, wanted name or names");
    if (!map.has("signal")) map.problem("signal", "is missing, wanted a signal");
    return new CatalogueEntry(
        names,
        conditions(map),
        map.choice("signal", Signal.class, Signal.OTHER),
        map.has("type") ? map.choice("type", Meaning.Type.class, Meaning.Type.GAUGE) : null,
        map.has("worse") ? map.choice("worse", Direction.class, Direction.UP) : null,
        map.text("unit", ""),
        map.flag("whole", false),
        map.has("limit") ? limit(map.map("limit")) : null,
        map.text("title", ""));
  }

  private static Map<List<String>, Pattern> conditions(YamlMap map) {
    var conditions = new LinkedHashMap<List<String>, Pattern>();
    if (!map.has("when")) return conditions;
    map.textMap("when")
        .forEach((label, wanted) -> {
          try {
            conditions.put(List.of(label.split("\\|")), Pattern.compile(wanted));
          } catch (PatternSyntaxException e) {
            map.problem(
                "when",
                "%s is \"%s\", wanted a regular expression: %s"
                    .formatted(label, wanted, e.getDescription()));
          }
        });
    return conditions;
  }

  private static Limit limit(YamlMap map) {
    if (!map.has("role")) map.problem("role", "is missing, wanted used, limit, free or share");
    return new Limit(
        map.choice("role", LimitPart.Role.class, LimitPart.Role.USED),
        map.text("of"),
        map.texts("by"),
        map.number("headroom", 0.9, 0.01, 1));
  }

  boolean fits(Labels labels) {
    for (var condition : when.entrySet()) {
      boolean fits = false;
      for (String label : condition.getKey()) {
        String value = labels.get(label);
        fits |= value != null && condition.getValue().matcher(value).matches();
      }
      if (!fits) return false;
    }
    return true;
  }

  Meaning meaning(
      Labels labels, String service, String instance, Meaning.@Nullable Type fromMetadata) {
    String metric = labels.metric();
    String copy = whole ? "" : instance;
    return new Meaning(
        service,
        copy,
        signal,
        typeOf(metric, fromMetadata),
        worse,
        unit.isEmpty() ? unitOf(metric) : unit,
        limit == null ? null : limit.part(labels, service, copy),
        title.isEmpty() ? metric : title);
  }

  /**
   * Buckets and what describes rather than measures are never scored, whatever an entry or a sender
   * says.
   */
  private Meaning.Type typeOf(String metric, Meaning.@Nullable Type fromMetadata) {
    if (metric.endsWith("_bucket") || metric.endsWith("_created")) return Meaning.Type.INFO;
    if (type != null) return type;
    if (fromMetadata != null) return fromMetadata;
    if (metric.endsWith("_info") || metric.endsWith("_timestamp_seconds")) return Meaning.Type.INFO;
    return metric.endsWith("_total") || metric.endsWith("_count") || metric.endsWith("_sum")
        ? Meaning.Type.COUNTER
        : Meaning.Type.GAUGE;
  }

  private static String unitOf(String metric) {
    if (metric.endsWith("_count")) return "";
    boolean isDerived =
        metric.endsWith("_total") || metric.endsWith("_sum") || metric.endsWith("_max");
    String name = isDerived ? metric.substring(0, metric.lastIndexOf('_')) : metric;
    if (name.endsWith("_bytes")) return "bytes";
    if (name.endsWith("_seconds")) return "seconds";
    if (name.endsWith("_milliseconds") || name.endsWith("_ms")) return "ms";
    if (name.endsWith("_microseconds") || name.endsWith("_usec")) return "µs";
    if (name.endsWith("_ratio")) return "ratio";
    return name.endsWith("_percent") ? "percent" : "";
  }
}
