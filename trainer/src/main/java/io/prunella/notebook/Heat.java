package io.prunella.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table of numbers from 0 to 1 whose cells are the darker the higher they are, as SVG. One
 * thread.
 */
public final class Heat {
  private static final int CELL_WIDTH = 74;
  private static final int CELL_HEIGHT = 24;
  private static final int TOP = 62;
  private static final double LETTER = 6;
  private static final int[] DARK = {27, 86, 147};

  private record Row(String name, double[] numbers) {}

  private final String title;
  private final List<String> columns;
  private final List<Row> rows = new ArrayList<>();

  public Heat(String title, List<String> columns) {
    this.title = title;
    this.columns = List.copyOf(columns);
  }

  /**
   * A row under those before, with a number for each column; NaN for none.
   *
   * @throws IllegalArgumentException when there are more or fewer
   */
  public Heat row(String name, double... numbers) {
    if (numbers.length != columns.size()) {
      throw new IllegalArgumentException(
          "%s has %d numbers, wanted %d".formatted(name, numbers.length, columns.size()));
    }
    rows.add(new Row(name, numbers.clone()));
    return this;
  }

  /** The drawing. */
  public String svg() {
    int longest = rows.stream().mapToInt(r -> r.name().length()).max().orElse(0);
    int left = (int) (24 + LETTER * longest);
    int width =
        Math.max(left + CELL_WIDTH * columns.size() + 16, (int) (32 + 7.6 * title.length()));
    var svg = new Svg(width, TOP + CELL_HEIGHT * rows.size() + 12, title);
    svg.heading(16, 19, title);
    for (int k = 0; k < columns.size(); k++) {
      svg.label(left + CELL_WIDTH * (k + 0.5), TOP - 9, "middle", Svg.PALE, columns.get(k));
    }
    for (int i = 0; i < rows.size(); i++) {
      double top = TOP + CELL_HEIGHT * i;
      svg.label(left - 8, top + 16, "end", Svg.INK, rows.get(i).name());
      for (int k = 0; k < columns.size(); k++) {
        cell(svg, left + CELL_WIDTH * k, top, rows.get(i).numbers()[k]);
      }
    }
    return svg.toString();
  }

  private static void cell(Svg svg, double x, double y, double number) {
    if (Double.isNaN(number)) return;
    double share = Math.clamp(number, 0, 1);
    String colour =
        String.format(
            Locale.ROOT,
            "#%02x%02x%02x",
            mixed(share, DARK[0]),
            mixed(share, DARK[1]),
            mixed(share, DARK[2]));
    svg.box(x + 1, y + 1, CELL_WIDTH - 2, CELL_HEIGHT - 2, colour, 1);
    String text = String.format(Locale.ROOT, "%.2f", number);
    svg.label(x + CELL_WIDTH / 2.0, y + 16, "middle", share > 0.55 ? "#fff" : Svg.INK, text);
  }

  /** From nearly white to dark. */
  private static int mixed(double share, int dark) {
    return (int) Math.round(246 + share * (dark - 246));
  }
}
