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
    long bits = labels.bits();
    return service(labels, bits, possible(bits));
  }

  /** The rules whose labels may all be there, by the {@linkplain Labels#bits bits} of the names. */
  List<Rule> possible(long bits) {
    return rules.stream().filter(rule -> rule.isPossible(bits)).toList();
  }

  static String service(Labels labels, long bits, List<Rule> possible) {
    for (int i = 0; i < possible.size(); i++) {
      String name = possible.get(i).name(labels, bits);
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

    private boolean isPossible(long bits) {
      for (Part part : parts) {
        if (part.cut() != null && (bits & Labels.bit(part.text())) == 0) return false;
      }
      return true;
    }

    /**
     * The service's name, or null when the rule does not fit.
     *
     * @param bits those of {@link Labels#bits}
     */
    @Nullable String name(Labels labels, long bits) {
      // Most rules do not fit most series: what is cheap to see is looked at first.
      String only = null;
      for (Part part : parts) {
        if (part.cut() == null) continue;
        if ((bits & Labels.bit(part.text())) == 0) return null;
        only = labels.get(part.text());
        if (only == null) return null;
      }
      if (!metric.matches(labels.metric())) return null;
      Cut first = parts.getFirst().cut();
      if (parts.size() == 1 && first != null && only != null) return first.of(only);
      var name = new StringBuilder();
      for (Part part : parts) {
        Cut cut = part.cut();
        name.append(cut == null ? part.text() : cut.of(labels.get(part.text(), "")));
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
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final String DIGITS = "0123456789";

    private static final Pattern KIND =
        Pattern.compile("\\.(service|socket|timer|mount|target|slice|scope|path|device|swap)$");
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");

    String of(String value) {
      String rest =
          switch (this) {
            case WHOLE -> value;
            case OWNER -> value.substring(0, ownerEnd(value));
            case UNIT -> KIND.matcher(value).replaceFirst("");
            case HOST -> PORT.matcher(value).replaceFirst("");
          };
      return rest.isEmpty() ? value : rest;
    }

    /** Where the suffixes of a pod's name begin; by hand, because every series of a pod asks. */
    private static int ownerEnd(String name) {
      int end = name.length();
      int last = name.lastIndexOf('-');
      if (last < 0) return end;
      int length = end - last - 1;
      if (length == 5 && isOf(name, last + 1, end, SUFFIX_LETTERS)) {
        int before = name.lastIndexOf('-', last - 1);
        int middle = last - before - 1;
        boolean isHash =
            before >= 0
                && middle >= 6
                && middle <= 10
                && (isOf(name, before + 1, last, SUFFIX_LETTERS)
                    || (middle >= 8 && isOf(name, before + 1, last, DIGITS)));
        return isHash ? before : last;
      }
      return length >= 1 && length <= 4 && isOf(name, last + 1, end, DIGITS) ? last : end;
    }

    private static boolean isOf(String text, int from, int to, String letters) {
      for (int i = from; i < to; i++) if (letters.indexOf(text.charAt(i)) < 0) return false;
      return true;
    }
  }
}
