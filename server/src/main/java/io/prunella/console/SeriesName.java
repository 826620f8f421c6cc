package io.prunella.console;

import io.prunella.series.Labels;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads labels as Prometheus writes them, {@code up{job="node"}}: the inverse of {@link
 * Labels#toString()}.
 */
final class SeriesName {
  private static final int LABELS_MAX = 64;
  private final String text;
  private int at;

  private SeriesName(String text) {
    this.text = text;
  }

  /** The labels; empty when the text is none. */
  static Optional<Labels> parse(String text) {
    return new SeriesName(text).labels();
  }

  private Optional<Labels> labels() {
    var labels = new TreeMap<String, String>();
    int brace = text.indexOf('{');
    if (brace < 0)
      return text.isBlank() ? Optional.empty() : Optional.of(Labels.of(Labels.NAME, text.strip()));
    String metric = text.substring(0, brace).strip();
    if (!metric.isEmpty()) labels.put(Labels.NAME, metric);
    at = brace + 1;
    while (at < text.length() && text.charAt(at) != '}') {
      int equals = text.indexOf("=\"", at);
      if (equals < 0 || labels.size() >= LABELS_MAX) return Optional.empty();
      String name = text.substring(at, equals).strip();
      at = equals + 2;
      Optional<String> value = quoted();
      if (name.isEmpty() || value.isEmpty() || labels.put(name, value.get()) != null)
        return Optional.empty();
      if (at < text.length() && text.charAt(at) == ',') at++;
    }
    return at == text.length() - 1 ? Optional.of(Labels.of(labels)) : Optional.empty();
  }

  private Optional<String> quoted() {
    var value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') return Optional.of(value.toString());
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        value.append(escaped == 'n' ? '\n' : escaped);
      } else {
        value.append(c);
      }
    }
    return Optional.empty();
  }
}
