package io.prunella.notebook;

import io.prunella.train.Labelled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chart of one or more panels above a common axis: lines, bands, dots and shaded spans, as SVG.
 * Lines of more points than pixels are drawn by the least and the most of each pixel, so that a
 * spike stays in sight and the drawing small. Each method adds to the panel begun last and returns
 * the chart; one thread.
 */
public final class Plot {
  /** What the axis under the panels measures. */
  public enum Axis {
    /** Numbers, evenly. */
    LINEAR,
    /** Numbers above 0 by their powers of ten. */
    LOG,
    /** Milliseconds since the epoch, told in UTC. */
    TIME
  }

  /** Colours that stay apart for eyes that see fewer of them. */
  public static final String INK = Svg.INK;

  public static final String GREY = "#8c959f";
  public static final String BLUE = "#2a6fb8";
  public static final String ORANGE = "#d4660a";
  public static final String GREEN = "#2b8a57";
  public static final String PURPLE = "#8250b4";
  public static final String SAND = "#efc46a";

  private static final int WIDTH = 900;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 30;
  private static final int HEAD = 24; // above each panel, for its name and its key
  private static final int FOOT = 26;
  private static final int TICKS_X = 9;
  private static final int TICK_PIXELS = 32; // upright
  private static final int EDGE = 12; // where a tick's text would leave the panel
  private static final double ROOM = 0.06; // of the range, above and below
  private static final double LETTER = 6.2; // pixels, of most letters

  private record Key(String name, String colour) {}

  private static final class Panel {
    final String name;
    final int height;
    final List<Mark> marks = new ArrayList<>();
    final List<Key> keys = new ArrayList<>();
    boolean isLog;
    boolean isBare;
    double least = Double.NaN;
    double most = Double.NaN;

    Panel(String name, int height) {
      this.name = name;
      this.height = height;
    }
  }

  private final String title;
  private final Axis axis;
  private final List<Panel> panels = new ArrayList<>();
  private String under = "";
  private double from = Double.NaN;
  private double to = Double.NaN;

  public Plot(String title, Axis axis) {
    this.title = title;
    this.axis = axis;
  }

  /** Times of a series as numbers for the axis. */
  public static double[] times(Labelled series) {
    return Arrays.stream(series.timesMs()).asDoubleStream().toArray();
  }

  /** Times between which a series is labelled as odd. */
  public static List<double[]> labelled(Labelled series) {
    return spans(series, series.odd());
  }

  /** Times between which something was so. */
  public static List<double[]> spans(Labelled series, boolean[] so) {
    long[] times = series.timesMs();
    var spans = new ArrayList<double[]>();
    for (int i = 0; i < so.length; i++) {
      if (!so[i]) continue;
      int first = i;
      while (i + 1 < so.length && so[i + 1]) i++;
      spans.add(new double[] {times[first], times[Math.min(times.length - 1, i + 1)]});
    }
    return spans;
  }

  /** What the axis under the panels measures, in words. */
  public Plot under(String words) {
    under = words;
    return this;
  }

  /** Shows no more of the axis under the panels than what lies between. */
  public Plot window(double least, double most) {
    from = least;
    to = most;
    return this;
  }

  /**
   * Begins a panel under those before.
   *
   * @param height in pixels
   */
  public Plot panel(String name, int height) {
    panels.add(new Panel(name, height));
    return this;
  }

  /** The panel's upright axis goes by powers of ten. */
  public Plot logarithmic() {
    now().isLog = true;
    return this;
  }

  /** The panel's upright axis goes from one number to another, whatever lies outside. */
  public Plot range(double least, double most) {
    now().least = least;
    now().most = most;
    return this;
  }

  /** The panel has no upright axis: it only shows when something was so. */
  public Plot bare() {
    now().isBare = true;
    return this;
  }

  /** A line through points; a gap where there is no number. */
  public Plot line(String name, String colour, double[] x, double[] y) {
    asMany(name, x, y);
    return add(name, colour, new Mark.Line(colour, x, y, /* steps= */ false));
  }

  /** A line that keeps its height until the next point. */
  public Plot steps(String name, String colour, double[] x, double[] y) {
    asMany(name, x, y);
    return add(name, colour, new Mark.Line(colour, x, y, /* steps= */ true));
  }

  /** What lies between two lines. */
  public Plot band(String name, String colour, double[] x, double[] lower, double[] upper) {
    asMany(name, x, lower);
    asMany(name, x, upper);
    return add(name, colour, new Mark.Band(colour, x, lower, upper));
  }

  /** A dot at each point. */
  public Plot dots(String name, String colour, double[] x, double[] y) {
    asMany(name, x, y);
    return add(name, colour, new Mark.Dots(colour, x, y));
  }

  /** Shades what lies between each pair, from the panel's top to its foot. */
  public Plot shade(String name, String colour, List<double[]> ranges) {
    return add(name, colour, new Mark.Spans(colour, List.copyOf(ranges)));
  }

  /** A dashed line across. */
  public Plot level(String name, String colour, double y) {
    return add(name, colour, new Mark.Level(colour, y));
  }

  private Plot add(String name, String colour, Mark mark) {
    now().marks.add(mark);
    if (!name.isEmpty()) now().keys.add(new Key(name, colour));
    return this;
  }

  private static void asMany(String name, double[] x, double[] y) {
    if (x.length == y.length) return;
    throw new IllegalArgumentException(
        "\"%s\" has %d places and %d values, wanted as many".formatted(name, x.length, y.length));
  }

  private Panel now() {
    if (panels.isEmpty()) panel("", 220);
    return panels.getLast();
  }

  /** The drawing. */
  public String svg() {
    int height = TOP + FOOT + (under.isEmpty() ? 0 : 14);
    for (Panel panel : panels) height += HEAD + panel.height;
    var svg = new Svg(WIDTH, height, title);
    svg.heading(LEFT, 19, title);
    var across = across();
    int top = TOP;
    for (Panel panel : panels) {
      top += HEAD;
      panel(svg, panel, across, top, panel == panels.getLast());
      top += panel.height;
    }
    if (!under.isEmpty()) {
      svg.label((LEFT + WIDTH - RIGHT) / 2.0, top + 32, "middle", Svg.PALE, under);
    }
    return svg.toString();
  }

  private Scale across() {
    var range = new Mark.Range(axis == Axis.LOG);
    for (Panel panel : panels) {
      for (Mark mark : panel.marks) for (double x : mark.places()) range.meet(x);
    }
    if (range.isEmpty()) range.meet(1);
    double least = range.least;
    double most = range.most;
    if (!Double.isNaN(from)) {
      least = from;
      most = to;
    }
    if (!(most > least)) most = least + 1;
    return new Scale(Scale.Kind.valueOf(axis.name()), least, most, LEFT, WIDTH - RIGHT);
  }

  private static Scale upright(Panel panel, Scale across, int top) {
    var range = new Mark.Range(panel.isLog);
    for (Mark mark : panel.marks) mark.widen(range, across);
    if (range.isEmpty()) range.meet(1);
    double room = ROOM * (range.most - range.least);
    if (room == 0) room = Math.max(1e-9, ROOM * Math.abs(range.most));
    double least = panel.isLog ? range.least / 1.2 : range.least - room;
    double most = panel.isLog ? range.most * 1.2 : range.most + room;
    if (!Double.isNaN(panel.least)) {
      least = panel.least;
      most = panel.most;
    }
    var kind = panel.isLog ? Scale.Kind.LOG : Scale.Kind.LINEAR;
    return new Scale(kind, least, most, top + panel.height, top);
  }

  private static void panel(Svg svg, Panel panel, Scale across, int top, boolean isLast) {
    var upright = upright(panel, across, top);
    int foot = top + panel.height;
    int right = WIDTH - RIGHT;
    svg.label(LEFT, top - 7, "start", Svg.PALE, panel.name);
    keys(svg, panel, top - 7);
    svg.clip(LEFT, top, right - LEFT, panel.height);
    for (Mark mark : panel.marks) {
      if (mark instanceof Mark.Spans) mark.draw(svg, across, upright);
    }
    svg.end();
    int about = Math.max(2, panel.height / TICK_PIXELS);
    for (var tick : panel.isBare ? List.<Scale.Tick>of() : upright.ticks(about)) {
      double y = upright.at(tick.at());
      svg.line(LEFT, y, right, y, Svg.GRID);
      svg.label(LEFT - 6, y + 4, "end", Svg.PALE, tick.text());
    }
    for (var tick : across.ticks(TICKS_X)) {
      double x = across.at(tick.at());
      svg.line(x, top, x, foot, Svg.GRID);
      String anchor = x > right - EDGE ? "end" : x < LEFT + EDGE ? "start" : "middle";
      if (isLast) svg.label(x, foot + 16, anchor, Svg.PALE, tick.text());
    }
    svg.clip(LEFT, top, right - LEFT, panel.height);
    for (Mark mark : panel.marks) {
      if (!(mark instanceof Mark.Spans)) mark.draw(svg, across, upright);
    }
    svg.end();
    svg.line(LEFT, foot, right, foot, Svg.PALE);
  }

  /** The names of what is drawn, at the right. */
  private static void keys(Svg svg, Panel panel, double y) {
    double x = WIDTH - RIGHT;
    for (Key key : panel.keys) x -= width(key);
    for (Key key : panel.keys) {
      svg.box(x, y - 8, 10, 8, key.colour(), 1);
      svg.label(x + 14, y, "start", Svg.INK, key.name());
      x += width(key);
    }
  }

  private static double width(Key key) {
    return 14 + LETTER * key.name().length() + 12;
  }
}
