package io.prunella.console;

import io.prunella.watch.Windows.Window;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One series as it is drawn: numbers for the large chart, a small drawing that needs no script, and
 * a table of the same.
 *
 * @param series labels as Prometheus writes them
 * @param now the latest value with its unit; {@code expected} the band then
 * @param badge {@code ×9.5}, {@code odd} or {@code normal}
 * @param odd true when the latest value is outside of what was expected
 * @param json what {@code charts.js} draws
 * @param line,oddLine,band SVG paths in a box of 150 × 36
 * @param label the chart in one sentence, for those who do not see it
 * @param rows a thinned copy as a table, oldest first
 */
record Chart(
    String series,
    String title,
    String service,
    String instance,
    String now,
    String expected,
    String badge,
    boolean odd,
    String json,
    String line,
    String oddLine,
    String band,
    String label,
    List<Row> rows) {
  /** One line of the table. */
  record Row(Instant at, String value, String expected, boolean odd) {}

  /**
   * A line across the chart.
   *
   * @param kind {@code change}, {@code opened}, {@code asked}, {@code done}
   */
  record Mark(Instant at, String text, String kind) {}

  private static final int POINTS_MAX = 600;
  private static final int ROWS_MAX = 24;
  private static final double WIDE = 150;
  private static final double HIGH = 36;

  static Chart of(Window window, List<Mark> marks) {
    int[] keep = thin(window.timesMs().length, POINTS_MAX);
    int last = window.timesMs().length - 1;
    String unit = window.meaning().scoredUnit();
    double value = last < 0 ? Double.NaN : window.values()[last];
    double lower = last < 0 ? Double.NaN : window.lower()[last];
    double upper = last < 0 ? Double.NaN : window.upper()[last];
    boolean odd = last >= 0 && isOdd(window, last);
    String expected =
        Double.isNaN(lower) ? "nothing expected yet" : "expected " + range(lower, upper, unit);
    String title = window.meaning().title();
    String badge = odd ? badge(value, lower, upper) : "normal";
    String label =
        "%s of %s: %s now, %s, %s. %d samples."
            .formatted(
                title,
                window.meaning().service(),
                Numbers.show(value, unit),
                expected,
                badge,
                last + 1);
    var box = Box.around(window, keep);
    return new Chart(
        window.labels().toString(),
        title,
        window.meaning().service(),
        window.meaning().instance(),
        Numbers.show(value, unit),
        expected,
        badge,
        odd,
        json(window, keep, marks),
        box.line(false),
        box.line(true),
        box.band(),
        label,
        rows(window, unit));
  }

  private static String badge(double value, double lower, double upper) {
    double middle = (lower + upper) / 2;
    double factor = value / middle;
    if (!(middle > 0) || !Double.isFinite(factor) || factor < 0) return "outside";
    if (factor >= 99.5) return "> ×99";
    if (factor >= 1.2) return "×" + String.format(Locale.ROOT, "%.1f", factor);
    return factor < 0.8 ? "−%d %%".formatted(Math.round(100 - 100 * factor)) : "outside";
  }

  private static String range(double lower, double upper, String unit) {
    String high = Numbers.show(upper, unit);
    String low = Numbers.show(lower, unit);
    int space = high.lastIndexOf(' ');
    String tail = space < 0 ? "" : high.substring(space);
    return (low.endsWith(tail) && !tail.isEmpty()
            ? low.substring(0, low.length() - tail.length())
            : low)
        + " – "
        + high;
  }

  static boolean isOdd(Window window, int i) {
    double value = window.values()[i];
    return value > window.upper()[i] || value < window.lower()[i];
  }

  /** Evenly spread positions, the last one among them. */
  private static int[] thin(int length, int pointsMax) {
    int count = Math.min(length, pointsMax);
    int[] keep = new int[count];
    for (int i = 0; i < count; i++)
      keep[i] = count == 1 ? length - 1 : (int) ((long) i * (length - 1) / (count - 1));
    return keep;
  }

  private static List<Row> rows(Window window, String unit) {
    var rows = new ArrayList<Row>();
    for (int i : thin(window.timesMs().length, ROWS_MAX)) {
      String expected =
          Double.isNaN(window.lower()[i]) ? "–" : range(window.lower()[i], window.upper()[i], unit);
      rows.add(
          new Row(
              Instant.ofEpochMilli(window.timesMs()[i]),
              Numbers.show(window.values()[i], unit),
              expected,
              isOdd(window, i)));
    }
    return List.copyOf(rows);
  }

  private static String json(Window window, int[] keep, List<Mark> marks) {
    var times = new JsonArray();
    var values = new JsonArray();
    var lower = new JsonArray();
    var upper = new JsonArray();
    for (int i : keep) {
      times.add(window.timesMs()[i] / 1e3);
      values.add(Json.number(window.values()[i]));
      lower.add(Json.number(window.lower()[i]));
      upper.add(Json.number(window.upper()[i]));
    }
    var lines = new JsonArray();
    for (Mark mark : marks) {
      lines.add(
          new JsonObject()
              .put("t", mark.at().toEpochMilli() / 1e3)
              .put("text", mark.text())
              .put("kind", mark.kind()));
    }
    return new JsonObject()
        .put("unit", window.meaning().scoredUnit())
        .put("t", times)
        .put("v", values)
        .put("lo", lower)
        .put("hi", upper)
        .put("limit", Json.number(window.limit()))
        .put("marks", lines)
        .encode();
  }

  /** Where a window's points land in the small drawing. */
  private record Box(Window window, int[] keep, double min, double max) {
    static Box around(Window window, int[] all) {
      int[] keep = all.length <= 120 ? all : pick(all);
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int i : keep) {
        for (double y : new double[] {window.values()[i], window.lower()[i], window.upper()[i]}) {
          if (!Double.isFinite(y)) continue;
          min = Math.min(min, y);
          max = Math.max(max, y);
        }
      }
      return new Box(window, keep, min, max > min ? max : min + 1);
    }

    private static int[] pick(int[] all) {
      int[] few = new int[120];
      for (int i = 0; i < 120; i++) few[i] = all[(int) ((long) i * (all.length - 1) / 119)];
      return few;
    }

    private String point(int at, double y) {
      long from = window.timesMs()[keep[0]];
      long to = window.timesMs()[keep[keep.length - 1]];
      double x = to == from ? 0 : (window.timesMs()[at] - from) * WIDE / (to - from);
      return String.format(
          Locale.ROOT, "%.1f %.1f", x, 2 + (HIGH - 4) * (1 - (y - min) / (max - min)));
    }

    String line(boolean oddOnly) {
      var path = new StringBuilder();
      boolean down = false;
      for (int i : keep) {
        boolean draw = Double.isFinite(window.values()[i]) && (!oddOnly || isOdd(window, i));
        if (draw) path.append(down ? "L" : "M").append(point(i, window.values()[i]));
        down = draw;
      }
      return path.toString();
    }

    String band() {
      var there = new StringBuilder();
      var back = new StringBuilder();
      for (int i : keep) {
        if (!Double.isFinite(window.lower()[i]) || !Double.isFinite(window.upper()[i])) continue;
        there.append(there.isEmpty() ? "M" : "L").append(point(i, window.upper()[i]));
        back.insert(0, "L" + point(i, window.lower()[i]));
      }
      return there.isEmpty() ? "" : there + back.toString() + "Z";
    }
  }
}
