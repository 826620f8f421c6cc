package io.prunella.signal;

import io.prunella.series.Labels;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What series mean, by their names and labels: the shipped catalogue of exporters, or one read from
 * a file. Immutable but for a bounded memory of names; any thread. Meant to be asked once per
 * series, not per sample.
 */
public final class Catalogue {
  private static final String SHIPPED = "catalogue.yaml";
  private static final int NAMES_MAX =
      20_000; // remembered; a sender with more distinct names only pays for looking up

  private static final int KINDS_MAX = 5_000; // of label names, remembered as well

  private final List<CatalogueEntry> entries;
  private final ServiceRules rules;
  private final Map<String, List<CatalogueEntry>> exact = new HashMap<>();
  private final List<CatalogueEntry> patterns = new ArrayList<>();
  private final Map<String, List<CatalogueEntry>> remembered = new ConcurrentHashMap<>();
  private final Map<Long, List<ServiceRules.Rule>> possible = new ConcurrentHashMap<>();

  private Catalogue(List<CatalogueEntry> entries, ServiceRules rules) {
    this.entries = List.copyOf(entries);
    this.rules = rules;
    for (CatalogueEntry entry : entries) {
      boolean pattern = false;
      for (Glob name : entry.names()) {
        if (name.isExact()) exact.computeIfAbsent(name.text(), _ -> new ArrayList<>()).add(entry);
        else pattern = true;
      }
      if (pattern) patterns.add(entry);
    }
  }

  /**
   * The catalogue that ships: node_exporter, cAdvisor, kube-state-metrics, Redis, PostgreSQL, JVM,
   * HTTP and more.
   */
  public static Catalogue shipped(ServiceRules rules) {
    try (var in = Catalogue.class.getResourceAsStream(SHIPPED)) {
      if (in == null) throw new IllegalStateException("the jar lacks " + SHIPPED);
      return read(SHIPPED, new String(in.readAllBytes(), StandardCharsets.UTF_8), rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A catalogue out of YAML; the shipped one says how it is written.
   *
   * @param fileName for messages
   * @throws YamlException with every problem, its line, what was seen and what was wanted
   */
  public static Catalogue read(String fileName, String yaml, ServiceRules rules) {
    var problems = new Problems(fileName);
    var document = YamlMap.parse(fileName, yaml, problems);
    var entries = new ArrayList<CatalogueEntry>();
    for (YamlMap map : document.maps("metrics")) entries.add(CatalogueEntry.read(map));
    document.done();
    problems.throwIfAny();
    return new Catalogue(entries, rules);
  }

  /** This catalogue first; what it does not know is looked up in {@code next}. */
  public Catalogue before(Catalogue next) {
    var both = new ArrayList<>(entries);
    both.addAll(next.entries);
    return new Catalogue(both, rules);
  }

  /**
   * What the series with these labels means. Never null: what no entry knows is {@link
   * Signal#OTHER}.
   */
  public Meaning meaning(Labels labels) {
    return meaning(labels, null);
  }

  /**
   * The same, helped by what the sender says of the metric.
   *
   * @param fromMetadata type from remote-write metadata; counts where the catalogue names none.
   *     Null when none was sent
   */
  public Meaning meaning(Labels labels, Meaning.@Nullable Type fromMetadata) {
    long bits = labels.bits();
    String service = ServiceRules.service(labels, bits, possible(bits));
    String instance = rules.instance(labels);
    for (CatalogueEntry entry : candidates(labels.metric())) {
      if (entry.fits(labels)) return entry.meaning(labels, service, instance, fromMetadata);
    }
    return CatalogueEntry.UNKNOWN.meaning(labels, service, instance, fromMetadata);
  }

  /** Series have few kinds of label names: which rules may fit is worked out once for each. */
  private List<ServiceRules.Rule> possible(long bits) {
    var known = possible.get(bits);
    if (known != null) return known;
    var found = rules.possible(bits);
    if (possible.size() < KINDS_MAX) possible.put(bits, found);
    return found;
  }

  private List<CatalogueEntry> candidates(String metric) {
    var known = remembered.get(metric);
    if (known != null) return known;
    var found = new ArrayList<>(exact.getOrDefault(metric, List.of()));
    for (CatalogueEntry entry : patterns) {
      if (!found.contains(entry) && entry.names().stream().anyMatch(n -> n.matches(metric))) {
        found.add(entry);
      }
    }
    var candidates = List.copyOf(found);
    if (remembered.size() < NAMES_MAX) remembered.put(metric, candidates);
    return candidates;
  }
}
