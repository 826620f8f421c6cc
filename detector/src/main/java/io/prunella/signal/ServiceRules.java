package io.prunella.signal;

import io.prunella.series.Labels;
import io.prunella.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which service a series belongs to, by its labels: the first rule whose labels are all there names
 * it. Immutable, for any thread.
 *
 * @param rules in order; the first that fits wins
 * @param instanceLabels the first of these labels that is there names the copy of the service
 */
public record ServiceRules(List<Rule> rules, List<String> instanceLabels) {
  /** The service of a series that no rule fits. */
  public static final String UNKNOWN = "unknown";

  /** Kubernetes owners first, then what people call their services, then systemd units and jobs. */
  public static final ServiceRules DEFAULTS =
      new ServiceRules(
          List.of(
              Rule.of("node_systemd_*", "{name:unit}"),
              Rule.of("kube_node_*", "{node}"),
              Rule.of("traces_service_graph_*", "{server}"),
              Rule.of("istio_*", "{destination_workload_namespace}/{destination_workload}"),
              Rule.of("kafka_consumergroup_*", "{consumergroup}"),
              Rule.of("*", "{exported_namespace}/{deployment}"),
              Rule.of("*", "{exported_namespace}/{statefulset}"),
              Rule.of("*", "{exported_namespace}/{daemonset}"),
              Rule.of("*", "{exported_namespace}/{exported_pod:owner}"),
              Rule.of("*", "{namespace}/{deployment}"),
              Rule.of("*", "{namespace}/{statefulset}"),
              Rule.of("*", "{namespace}/{daemonset}"),
              Rule.of("*", "{namespace}/{horizontalpodautoscaler}"),
              Rule.of("*", "{namespace}/{pod:owner}"),
              Rule.of("*", "{pod:owner}"),
              Rule.of("*", "{service}"),
              Rule.of("*", "{service_name}"),
              Rule.of("*", "{app}"),
              Rule.of("*", "{job}"),
              Rule.of("*", "{instance}")),
          List.of("exported_pod", "pod", "exported_instance", "instance"));

  public ServiceRules {
    rules = List.copyOf(rules);
    instanceLabels = List.copyOf(instanceLabels);
  }

  /**
   * Rules out of a mapping of a configuration file. Keys: {@code rules}, a list of {@code metric}
   * (a glob, any when absent) and {@code name} (see {@link Rule#of}); {@code instanceLabels}, a
   * list of labels. The caller's rules stand before the shipped ones unless {@code defaults:
   * false}. Problems are noted with their line in the document's list.
   */
  public static ServiceRules read(YamlMap map) {
    var rules = new ArrayList<Rule>();
    for (YamlMap rule : map.maps("rules")) {
      String metric = rule.text("metric", "*");
      String name = rule.text("name");
      try {
        if (!name.isEmpty()) rules.add(Rule.of(metric, name));
      } catch (IllegalArgumentException e) {
        rule.problem("name", String.valueOf(e.getMessage()));
      }
    }
    if (map.flag("defaults", true)) rules.addAll(DEFAULTS.rules());
    var labels = map.texts("instanceLabels");
    return new ServiceRules(rules, labels.isEmpty() ? DEFAULTS.instanceLabels() : labels);
  }

  /** The service that the labels belong to; {@link #UNKNOWN} when no rule fits. */
  public String service(Labels labels) {
    for (Rule rule : rules) {
      String name = rule.name(labels);
      if (name != null) return name;
    }
    return UNKNOWN;
  }

  /** The copy of the service; empty when none is named. */
  public String instance(Labels labels) {
    for (String name : instanceLabels) {
      String value = labels.get(name);
      if (value != null) return value;
    }
    return "";
  }

  /**
   * One way to name a service.
   *
   * @param metric glob of the metric's name, {@code *} for any
   * @param parts literals and label references in turn
   */
  public record Rule(Glob metric, List<Part> parts) {
    private static final Pattern REFERENCE = Pattern.compile("\\{([^{}:]*)(?::([^{}]*))?}");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.]*");

    public Rule {
      parts = List.copyOf(parts);
    }

    /**
     * A rule out of its text.
     *
     * @param metric glob of the metric's name
     * @param template for instance {@code {namespace}/{pod:owner}}: labels in braces, each as it
     *     is, or {@code :owner} for a pod's name without its suffixes, {@code :unit} for a systemd
     *     unit without its kind, {@code :host} for an address without its port
     * @throws IllegalArgumentException naming what was seen and what was wanted
     */
    public static Rule of(String metric, String template) {
      var parts = new ArrayList<Part>();
      Matcher reference = REFERENCE.matcher(template);
      int end = 0;
      while (reference.find()) {
        literal(template, template.substring(end, reference.start()), parts);
        parts.add(new Part(label(template, reference.group(1)), cut(template, reference.group(2))));
        end = reference.end();
      }
      if (end == 0) {
        throw new IllegalArgumentException(
            "service name '%s' names no label, wanted at least one as {label}".formatted(template));
      }
      literal(template, template.substring(end), parts);
      return new Rule(new Glob(metric), parts);
    }

    private static void literal(String template, String text, List<Part> parts) {
      if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
        throw new IllegalArgumentException(
            "service name '%s' has a brace without its partner, wanted {label}"
                .formatted(template));
      }
      if (!text.isEmpty()) parts.add(new Part(text, null));
    }

    private static String label(String template, String name) {
      if (LABEL.matcher(name).matches()) return name;
      throw new IllegalArgumentException(
          "service name '%s' refers to '%s', wanted a label's name".formatted(template, name));
    }

    private static Cut cut(String template, @Nullable String word) {
      if (word == null) return Cut.WHOLE;
      return switch (word) {
        case "owner" -> Cut.OWNER;
        case "unit" -> Cut.UNIT;
        case "host" -> Cut.HOST;
        default ->
            throw new IllegalArgumentException(
                "service name '%s' asks for ':%s', wanted :owner, :unit or :host"
                    .formatted(template, word));
      };
    }

    /** The service's name, or null when the rule does not fit. */
    @Nullable String name(Labels labels) {
      if (!metric.matches(labels.metric())) return null;
      var name = new StringBuilder();
      for (Part part : parts) {
        Cut cut = part.cut();
        if (cut == null) {
          name.append(part.text());
          continue;
        }
        String value = labels.get(part.text());
        if (value == null) return null;
        name.append(cut.of(value));
      }
      return name.toString();
    }
  }

  /**
   * A literal or a reference.
   *
   * @param text the literal, or the label's name
   * @param cut what of the label's value counts, or null for a literal
   */
  public record Part(String text, @Nullable Cut cut) {}

  /** What of a label's value counts. */
  public enum Cut {
    WHOLE,
    OWNER,
    UNIT,
    HOST;

    /*
     * Kubernetes makes suffixes of an alphabet without vowels and look-alikes, so that few words are taken for one:
     * k8s.io/apimachinery/pkg/util/rand. Deployments: hash and five letters; jobs: digits and five; sets: five, or a number.
     */
    private static final Pattern SUFFIX =
        Pattern.compile(
            "(?:-(?:[bcdfghjklmnpqrstvwxz2456789]{6,10}|[0-9]{8,10}))?-[bcdfghjklmnpqrstvwxz2456789]{5}$"
                + "|-[0-9]{1,4}$");
    private static final Pattern KIND =
        Pattern.compile("\\.(service|socket|timer|mount|target|slice|scope|path|device|swap)$");
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");

    String of(String value) {
      String rest =
          switch (this) {
            case WHOLE -> value;
            case OWNER -> SUFFIX.matcher(value).replaceFirst("");
            case UNIT -> KIND.matcher(value).replaceFirst("");
            case HOST -> PORT.matcher(value).replaceFirst("");
          };
      return rest.isEmpty() ? value : rest;
    }
  }
}
