package io.prunella.train;

import io.prunella.server.Hindsight.Cause;
import io.prunella.server.Hindsight.Outcome;
import io.prunella.server.Hindsight.Raised;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a backtest has come to, for people and for programs.
 *
 * @param command that gives it again
 * @param from what opened before is not among the incidents
 * @param since time of the first sample, be it of the warm-up
 * @param outcomes one a setting of the knob
 */
record Backtested(
    String command,
    Instant from,
    Instant to,
    Instant since,
    long samples,
    long series,
    List<Outcome> outcomes) {
  private static final double WEEK_SECONDS = 7 * 86_400;
  private static final int SHOWN_MAX = 40; // incidents of a setting, on a terminal

  private static final List<String> FIGURES =
      List.of(
          "asked a week",
          "opened",
          "a week",
          "by surprise",
          "by limit",
          "by check",
          "by alert",
          "open before",
          "candidates a week",
          "level");

  private static final List<String> COLUMNS =
      List.of("opened", "lasted", "by", "peak", "level", "services", "what");

  /** Weeks that could be told of: from the first sample on. */
  double weeks() {
    Instant begin = since.isAfter(from) ? since : from;
    return Duration.between(begin, to).toSeconds() / WEEK_SECONDS;
  }

  private double perWeek(Outcome outcome) {
    return weeks() > 0 ? outcome.opened() / weeks() : 0;
  }

  private static long by(Outcome outcome, Cause cause) {
    return outcome.raised().stream().filter(one -> one.cause() == cause).count();
  }

  private List<String> figures(Outcome of) {
    return List.of(
        setting(of.perWeek()),
        Long.toString(of.opened()),
        number(perWeek(of)),
        Long.toString(by(of, Cause.SURPRISE)),
        Long.toString(by(of, Cause.LIMIT)),
        Long.toString(by(of, Cause.CHECK)),
        Long.toString(by(of, Cause.ALERT)),
        Long.toString(of.openBefore()),
        number(of.candidatesPerWeek()),
        number(of.level()));
  }

  private static List<String> line(Raised one) {
    Instant ended = one.endedAt();
    boolean isSurprise = one.cause() == Cause.SURPRISE;
    return List.of(
        one.openedAt().toString(),
        ended == null ? "still open" : span(Duration.between(one.openedAt(), ended)),
        one.cause().name().toLowerCase(Locale.ROOT),
        isSurprise ? number(one.peak()) : "",
        isSurprise ? number(one.level()) : "",
        String.join(", ", one.services()),
        one.title());
  }

  /** A setting of the knob as people write it. */
  static String setting(double perWeek) {
    return perWeek == Math.rint(perWeek) ? Long.toString((long) perWeek) : Double.toString(perWeek);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String span(Duration of) {
    long minutes = of.toMinutes();
    if (minutes < 1) return of.toSeconds() + " s";
    if (minutes < 60) return minutes + " min";
    return "%d h %d min".formatted(minutes / 60, minutes % 60);
  }

  private String head() {
    String late = since.isAfter(from) ? "; the first sample is of %s".formatted(since) : "";
    return "From %s to %s: %,d samples of %,d series with the warm-up%s."
        .formatted(from, to, samples, series, late);
  }

  /** For a terminal. */
  String text() {
    var text = new StringBuilder(head()).append("\n\n");
    String row = "%12s %7s %8s %12s %9s %9s %9s %12s %18s %7s%n";
    text.append(row.formatted(FIGURES.toArray()));
    for (Outcome of : outcomes) text.append(row.formatted(figures(of).toArray()));
    for (Outcome of : outcomes) {
      text.append("\nat %s a week%n".formatted(setting(of.perWeek())));
      if (of.raised().isEmpty()) text.append("  nothing would have been raised\n");
      of.raised().stream().limit(SHOWN_MAX).forEach(one -> text.append(shown(one)));
      long more = of.opened() - Math.min(SHOWN_MAX, of.raised().size());
      if (more > 0) text.append("  and %,d more; --report tells them%n".formatted(more));
    }
    return text.toString();
  }

  private static String shown(Raised one) {
    var line = line(one);
    String peak = line.get(3).isEmpty() ? "" : " %s of %s".formatted(line.get(3), line.get(4));
    return "  %s  %-12s %-9s%-16s %s%n"
        .formatted(line.get(0), line.get(1), line.get(2), peak, line.get(6));
  }

  /** The whole of it, as a file. */
  String page(Report.Kind kind) {
    return switch (kind) {
      case JSON -> json();
      case MD -> markdown();
      case HTML -> Report.page("Backtest", command, html());
    };
  }

  private String markdown() {
    var text = new StringBuilder("# Backtest\n\n`").append(command).append("`\n\n");
    text.append(head()).append("\n\n");
    table(text, FIGURES, outcomes.stream().map(this::figures).toList());
    for (Outcome of : outcomes) {
      text.append("\n## At %s a week%n%n".formatted(setting(of.perWeek())));
      if (of.raised().isEmpty()) text.append("Nothing would have been raised.\n");
      else table(text, COLUMNS, of.raised().stream().map(Backtested::line).toList());
      text.append(leftOut(of));
    }
    return text.toString();
  }

  private static void table(StringBuilder text, List<String> names, List<List<String>> rows) {
    text.append("| ").append(String.join(" | ", names)).append(" |\n");
    text.append('|').append("---|".repeat(names.size())).append('\n');
    for (List<String> row : rows) {
      var cells = row.stream().map(c -> c.replace("|", "\\|").replace('\n', ' ')).toList();
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
  }

  private static String leftOut(Outcome of) {
    long more = of.opened() - of.raised().size();
    return more == 0 ? "" : "%nAnd %,d more.%n".formatted(more);
  }

  private String html() {
    var text = new StringBuilder("<p>").append(Report.escaped(head())).append("</p>\n");
    htmlTable(text, FIGURES, outcomes.stream().map(this::figures).toList(), FIGURES.size());
    for (Outcome of : outcomes) {
      text.append("<h2>At %s a week</h2>%n".formatted(setting(of.perWeek())));
      if (of.raised().isEmpty()) text.append("<p>Nothing would have been raised.</p>\n");
      else htmlTable(text, COLUMNS, of.raised().stream().map(Backtested::line).toList(), 5);
      if (!leftOut(of).isEmpty()) text.append("<p>").append(leftOut(of).strip()).append("</p>\n");
    }
    return text.toString();
  }

  /**
   * @param textFrom column from which on cells are text
   */
  private static void htmlTable(
      StringBuilder text, List<String> names, List<List<String>> rows, int textFrom) {
    text.append("<table><tr>");
    for (int i = 0; i < names.size(); i++) cell(text, "th", names.get(i), i >= textFrom);
    text.append("</tr>\n");
    for (List<String> row : rows) {
      text.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        cell(text, i == 0 ? "th" : "td", row.get(i), i >= textFrom);
      }
      text.append("</tr>\n");
    }
    text.append("</table>\n");
  }

  private static void cell(StringBuilder to, String tag, String text, boolean isText) {
    to.append('<').append(tag).append(isText ? " class=\"text\">" : ">");
    to.append(Report.escaped(text)).append("</").append(tag).append('>');
  }

  private String json() {
    ObjectNode told =
        JsonMapper.shared()
            .createObjectNode()
            .put("command", command)
            .put("from", from.toString())
            .put("to", to.toString())
            .put("firstSampleAt", since.toString())
            .put("samples", samples)
            .put("series", series);
    var settings = told.putArray("settings");
    for (Outcome of : outcomes) put(of, settings.addObject());
    return Report.text(told);
  }

  private void put(Outcome of, ObjectNode into) {
    into.put("falseIncidentsPerWeek", of.perWeek())
        .put("opened", of.opened())
        .put("perWeek", Report.finite(perWeek(of)))
        .put("openBefore", of.openBefore())
        .put("candidatesPerWeek", Report.finite(of.candidatesPerWeek()))
        .put("level", Report.finite(of.level()));
    var incidents = into.putArray("incidents");
    for (Raised one : of.raised()) put(one, incidents.addObject());
  }

  private static void put(Raised one, ObjectNode into) {
    Instant ended = one.endedAt();
    boolean isSurprise = one.cause() == Cause.SURPRISE;
    into.put("openedAt", one.openedAt().toString())
        .put("endedAt", ended == null ? null : ended.toString())
        .put("by", one.cause().name().toLowerCase(Locale.ROOT))
        .put("severity", one.severity());
    var services = into.putArray("services");
    one.services().forEach(services::add);
    into.put("title", one.title())
        .put("peak", isSurprise ? Report.finite(one.peak()) : null)
        .put("level", isSurprise ? Report.finite(one.level()) : null);
  }
}
