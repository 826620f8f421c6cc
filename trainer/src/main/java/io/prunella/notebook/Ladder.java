package io.prunella.notebook;

import java.util.ArrayList;
import java.util.List;

/**
 * A chart of names, each with a few numbers on one common axis: who is where, as SVG. One thread.
 */
public final class Ladder {
  private static final int WIDTH = 900;
  private static final int RIGHT = 24;
  private static final int TOP = 58;
  private static final int STEP = 16;
  private static final double LETTER = 6.2; // pixels, of most letters

  /**
   * What is told of each name.
   *
   * @param colour of its dots
   */
  public record Column(String name, String colour) {}

  private record Rung(String name, double[] numbers) {}

  private final String title;
  private final String measure;
  private final List<Column> columns;
  private final List<Rung> rungs = new ArrayList<>();
  private double least = Double.NaN;
  private double most = Double.NaN;

  /**
   * @param measure what the numbers are, in words
   */
  public Ladder(String title, String measure, List<Column> columns) {
    this.title = title;
    this.measure = measure;
    this.columns = List.copyOf(columns);
  }

  /** The axis goes from one number to another; what lies outside is drawn at its end. */
  public Ladder range(double least, double most) {
    this.least = least;
    this.most = most;
    return this;
  }

  /**
   * A name under those before, with a number for each column; NaN for none.
   *
   * @throws IllegalArgumentException when there are more or fewer
   */
  public Ladder rung(String name, double... numbers) {
    if (numbers.length != columns.size()) {
      throw new IllegalArgumentException(
          "%s has %d numbers, wanted %d".formatted(name, numbers.length, columns.size()));
    }
    rungs.add(new Rung(name, numbers.clone()));
    return this;
  }

  /** The drawing. */
  public String svg() {
    int foot = TOP + STEP * rungs.size();
    var svg = new Svg(WIDTH, foot + 44, title);
    svg.heading(16, 19, title);
    int longest = rungs.stream().mapToInt(r -> r.name().length()).max().orElse(0);
    double left = 28 + LETTER * longest;
    var scale = scale(left);
    double x = left;
    for (Column column : columns) {
      svg.dot(x + 4, 37, 4.5, column.colour());
      svg.label(x + 13, 41, "start", Svg.INK, column.name());
      x += 32 + LETTER * column.name().length();
    }
    for (int i = 0; i < rungs.size(); i += 2) {
      svg.box(0, TOP + STEP * i, WIDTH, STEP, "#f6f8fa", 1);
    }
    for (var tick : scale.ticks(8)) {
      double at = scale.at(tick.at());
      svg.line(at, TOP, at, foot, tick.at() == 0 ? Svg.PALE : Svg.GRID);
      svg.label(at, foot + 16, "middle", Svg.PALE, tick.text());
    }
    svg.label((left + WIDTH - RIGHT) / 2, foot + 34, "middle", Svg.PALE, measure);
    for (int i = 0; i < rungs.size(); i++) rung(svg, rungs.get(i), scale, TOP + STEP * (i + 0.5));
    return svg.toString();
  }

  private Scale scale(double left) {
    var range = new Mark.Range(/* isLog= */ false);
    for (Rung rung : rungs) for (double number : rung.numbers()) range.meet(number);
    if (range.isEmpty()) range.meet(0);
    double from = Double.isNaN(least) ? range.least : least;
    double to = Double.isNaN(most) ? range.most : most;
    if (!(to > from)) to = from + 1;
    return new Scale(Scale.Kind.LINEAR, from, to, left + 8, WIDTH - RIGHT);
  }

  private void rung(Svg svg, Rung rung, Scale scale, double y) {
    svg.label(scale.from() - 18, y + 4, "end", Svg.INK, rung.name());
    var range = new Mark.Range(/* isLog= */ false);
    for (double number : rung.numbers()) {
      if (!Double.isNaN(number)) range.meet(inside(scale, number));
    }
    if (range.isEmpty()) return;
    svg.line(scale.at(range.least), y, scale.at(range.most), y, "#c5ccd3");
    for (int k = columns.size() - 1; k >= 0; k--) { // the first column lies on top
      double number = rung.numbers()[k];
      if (Double.isNaN(number)) continue;
      svg.dot(scale.at(inside(scale, number)), y, k == 0 ? 4.5 : 3.6, columns.get(k).colour());
    }
  }

  private static double inside(Scale scale, double number) {
    return Math.clamp(number, scale.least(), scale.most());
  }
}
