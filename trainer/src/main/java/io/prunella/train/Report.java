package io.prunella.train;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Figures for people and for programs. */
final class Report {
  /** How a report is written. */
  enum Kind {
    HTML,
    JSON,
    MD
  }

  private static final JsonMapper JSON = JsonMapper.shared();

  private Report() {}

  /** The kind that a file's ending says; null when it says none. */
  static @Nullable Kind kind(@Nullable Path file) {
    if (file == null) return null;
    for (Kind kind : Kind.values()) {
      if (file.toString().endsWith("." + kind.name().toLowerCase(Locale.ROOT))) return kind;
    }
    return null;
  }

  /** For a terminal: a figure a line. */
  static String text(Figures figures) {
    var text = new StringBuilder(figures.set()).append('\n');
    figures
        .values()
        .forEach((name, value) -> text.append("  %-32s %12s%n".formatted(name, number(value))));
    return text.toString();
  }

  /** Writes all figures, with the command that they come from. */
  static String write(Kind kind, List<Figures> all, String command) {
    return switch (kind) {
      case JSON -> json(all, command);
      case MD -> table(all, command);
      case HTML -> html(all, command);
    };
  }

  private static Set<String> names(List<Figures> all) {
    var names = new LinkedHashSet<String>();
    all.forEach(f -> names.addAll(f.values().keySet()));
    return names;
  }

  private static String cell(Figures figures, String name) {
    Double value = figures.values().get(name);
    return value == null ? "" : number(value);
  }

  private static String table(List<Figures> all, String command) {
    var text = new StringBuilder("`").append(command).append("`\n\n| figure |");
    all.forEach(f -> text.append(' ').append(f.set()).append(" |"));
    text.append("\n|---|").append("---|".repeat(all.size())).append('\n');
    for (String name : names(all)) {
      text.append("| ").append(name).append(" |");
      all.forEach(f -> text.append(' ').append(cell(f, name)).append(" |"));
      text.append('\n');
    }
    return text.toString();
  }

  private static String html(List<Figures> all, String command) {
    var text = new StringBuilder("<table><tr><th>figure");
    all.forEach(f -> text.append("<th>").append(escaped(f.set())));
    text.append("</tr>\n");
    for (String name : names(all)) {
      text.append("<tr><th>").append(escaped(name));
      all.forEach(f -> text.append("<td>").append(cell(f, name)));
      text.append("</tr>\n");
    }
    text.append("</table>\n");
    all.forEach(f -> text.append(Reliability.svg(f)));
    return page("Evaluation", command, text.toString());
  }

  /**
   * A page that stands by itself.
   *
   * @param body HTML
   */
  static String page(String title, String command, String body) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width"><title>%1$s</title>
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color-scheme: light dark }
    td, th { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #8884 }
    td, th { white-space: nowrap }
    th:first-child, .text { text-align: left }
    td.text { white-space: normal }
    </style></head><body><h1>%1$s</h1>
    <p><code>%2$s</code></p>
    %3$s</body></html>
    """
        .formatted(escaped(title), escaped(command), body);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String json(List<Figures> all, String command) {
    ObjectNode report = JSON.createObjectNode().put("command", command);
    for (Figures figures : all) {
      ObjectNode values = report.putObject(figures.set());
      figures.values().forEach((name, value) -> values.put(name, finite(value)));
    }
    return text(report);
  }

  /** JSON for a file: indented, with a line's end. */
  static String text(ObjectNode json) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  /** JSON has no infinity, and no NaN. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** Four digits that matter. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.2f" : "%.4f", value);
  }
}
