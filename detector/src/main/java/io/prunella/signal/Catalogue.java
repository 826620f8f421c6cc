package io.prunella.signal;

import io.prunella.series.Labels;
import org.jspecify.annotations.Nullable;

/** Face first; the body follows. */
public final class Catalogue {
  private final ServiceRules rules;

  private Catalogue(ServiceRules rules) {
    this.rules = rules;
  }

  public static Catalogue shipped(ServiceRules rules) {
    return new Catalogue(rules);
  }

  public static Catalogue read(String fileName, String yaml, ServiceRules rules) {
    return new Catalogue(rules);
  }

  public Meaning meaning(Labels labels) {
    return meaning(labels, null);
  }

  public Meaning meaning(Labels labels, Meaning.@Nullable Type fromMetadata) {
    return new Meaning(
        rules.service(labels),
        rules.instance(labels),
        Signal.OTHER,
        fromMetadata == null ? Meaning.Type.GAUGE : fromMetadata,
        null,
        "",
        null,
        labels.metric());
  }
}
