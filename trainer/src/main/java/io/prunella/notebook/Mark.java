package io.prunella.notebook;

import java.util.List;
import java.util.Locale;

/** One thing drawn into a panel of a chart. The arrays are the caller's and are only read. */
sealed interface Mark {
  /** Where the panel's upright axis must reach, beside what lies in sight of the common axis. */
  void widen(Range range, Scale across);

  void draw(Svg svg, Scale across, Scale upright);

  /** The common axis' places that this mark has; none for what reaches across. */
  default double[] places() {
    return new double[0];
  }

  /** The least and the most of what was met; only of numbers that an axis can show. */
  final class Range {
    private final boolean isLog;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;

    Range(boolean isLog) {
      this.isLog = isLog;
    }

    void meet(double x) {
      if (!Double.isFinite(x) || (isLog && x <= 0)) return;
      least = Math.min(least, x);
      most = Math.max(most, x);
    }

    void meet(double[] x, double[] y, Scale across) {
      for (int i = 0; i < x.length; i++) if (across.holds(x[i])) meet(y[i]);
    }

    boolean isEmpty() {
      return !(least <= most);
    }
  }

  /**
   * A line through points; a gap where there is no number.
   *
   * @param steps whether it keeps its height until the next point
   */
  record Line(String colour, double[] x, double[] y, boolean steps) implements Mark {
    private static final double SHORT = 1; // pixels that share one upright stroke
    private static final double DENSE = 2; // points a pixel from which a line is drawn thin

    @Override
    public double[] places() {
      return x;
    }

    @Override
    public void widen(Range range, Scale across) {
      range.meet(x, y, across);
    }

    /** The first and the last of each pixel, and between them its least and most. */
    @Override
    public void draw(Svg svg, Scale across, Scale upright) {
      var path = new StringBuilder();
      boolean down = false; // the pen
      int shown = 0;
      int n = x.length;
      for (int i = 0; i < n; ) {
        double px = across.at(x[i]);
        double py = upright.at(y[i]);
        boolean inSight = across.holds(x[i]) && Double.isFinite(py);
        if (!inSight) {
          down = false;
          i++;
          continue;
        }
        double least = py;
        double most = py;
        double last = py;
        int next = i + 1;
        while (next < n
            && across.at(x[next]) - px < SHORT
            && Double.isFinite(upright.at(y[next]))) {
          last = upright.at(y[next]);
          least = Math.min(least, last);
          most = Math.max(most, last);
          next++;
        }
        if (down && steps) path.append(String.format(Locale.ROOT, "H%.1f", px));
        path.append(String.format(Locale.ROOT, down ? "L%.1f %.1f" : "M%.1f %.1f", px, py));
        if (most - least > 0.3) {
          double nearer = Math.abs(py - least) < Math.abs(py - most) ? least : most;
          double farther = least + most - nearer;
          if (Math.abs(nearer - py) > 0.3) path.append(String.format(Locale.ROOT, "V%.1f", nearer));
          path.append(String.format(Locale.ROOT, "V%.1f", farther));
          if (Math.abs(last - farther) > 0.3)
            path.append(String.format(Locale.ROOT, "V%.1f", last));
        }
        down = true;
        shown += next - i;
        i = next;
      }
      if (path.isEmpty()) return;
      double width = shown > DENSE * (across.to() - across.from()) ? 0.8 : 1.5;
      svg.add(
          "<path d=\"%s\" stroke=\"%s\" stroke-width=\"%.1f\" fill=\"none\""
              + " stroke-linejoin=\"round\"/>",
          path, colour, width);
    }
  }

  /** What lies between two lines. */
  record Band(String colour, double[] x, double[] lower, double[] upper) implements Mark {
    @Override
    public double[] places() {
      return x;
    }

    @Override
    public void widen(Range range, Scale across) {
      range.meet(x, lower, across);
      range.meet(x, upper, across);
    }

    @Override
    public void draw(Svg svg, Scale across, Scale upright) {
      for (int i = 0; i < x.length; ) {
        if (!shown(across, i)) {
          i++;
          continue;
        }
        var there = new StringBuilder();
        var back = new StringBuilder();
        while (i < x.length && shown(across, i)) {
          double px = across.at(x[i]);
          double top = upright.at(upper[i]);
          double foot = upright.at(lower[i]);
          for (i++; i < x.length && shown(across, i) && across.at(x[i]) - px < 2; i++) {
            top = Math.min(top, upright.at(upper[i]));
            foot = Math.max(foot, upright.at(lower[i]));
          }
          there.append(
              String.format(Locale.ROOT, "%s%.1f %.1f", there.isEmpty() ? "M" : "L", px, top));
          back.insert(0, String.format(Locale.ROOT, "L%.1f %.1f", px, foot));
        }
        svg.add("<path d=\"%s%sZ\" fill=\"%s\" fill-opacity=\"0.22\"/>", there, back, colour);
      }
    }

    private boolean shown(Scale across, int i) {
      return across.holds(x[i]) && Double.isFinite(lower[i]) && Double.isFinite(upper[i]);
    }
  }

  /** A dot at each point. */
  record Dots(String colour, double[] x, double[] y) implements Mark {
    @Override
    public double[] places() {
      return x;
    }

    @Override
    public void widen(Range range, Scale across) {
      range.meet(x, y, across);
    }

    @Override
    public void draw(Svg svg, Scale across, Scale upright) {
      for (int i = 0; i < x.length; i++) {
        double py = upright.at(y[i]);
        if (across.holds(x[i]) && Double.isFinite(py)) svg.dot(across.at(x[i]), py, 2.4, colour);
      }
    }
  }

  /** Shaded from the panel's top to its foot. */
  record Spans(String colour, List<double[]> ranges) implements Mark {
    @Override
    public void widen(Range range, Scale across) {}

    @Override
    public void draw(Svg svg, Scale across, Scale upright) {
      for (double[] range : ranges) {
        if (!(range[1] >= across.least() && range[0] <= across.most())) continue;
        double from = Math.clamp(across.at(range[0]), across.from(), across.to());
        double to = Math.clamp(across.at(range[1]), across.from(), across.to());
        double height = upright.from() - upright.to();
        svg.box(from, upright.to(), Math.max(1.5, to - from), height, colour, 0.45);
      }
    }
  }

  /** A dashed line across. */
  record Level(String colour, double y) implements Mark {
    @Override
    public void widen(Range range, Scale across) {
      range.meet(y);
    }

    @Override
    public void draw(Svg svg, Scale across, Scale upright) {
      double py = upright.at(y);
      svg.add(
          "<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\" stroke-dasharray=\"5 4\"/>",
          across.from(), py, across.to(), colour);
    }
  }
}
