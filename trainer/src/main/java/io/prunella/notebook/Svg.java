package io.prunella.notebook;

import java.util.Locale;

/** Writes a drawing: SVG on a white ground, so that it can be read on a dark page. One thread. */
final class Svg {
  static final String INK = "#1f2328";
  static final String PALE = "#6e7781";
  static final String GRID = "#e4e7eb";

  private final StringBuilder text = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;
  private int clips;

  /**
   * @param title what a reader hears who does not see it
   */
  Svg(int width, int height, String title) {
    this.width = width;
    this.height = height;
    this.title = title;
  }

  /** Markup out of a format, with a point in its numbers whatever the machine speaks. */
  void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Text; the anchor is start, middle or end. */
  void label(double x, double y, String anchor, String colour, String words) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, colour, escaped(words));
  }

  void heading(double x, double y, String words) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"14\" font-weight=\"600\" fill=\"%s\">%s</text>",
        x, y, INK, escaped(words));
  }

  void line(double x1, double y1, double x2, double y2, String colour) {
    add("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" fill=\"none\"/>", x1, y1, x2, y2, colour);
  }

  void box(double x, double y, double w, double h, String colour, double opacity) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\""
            + " fill-opacity=\"%.2f\"/>",
        x, y, w, h, colour, opacity);
  }

  void dot(double x, double y, double radius, String colour) {
    add(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"0.8\"/>",
        x, y, radius, colour);
  }

  /** What follows, until {@link #end}, shows only within a box. */
  void clip(double x, double y, double w, double h) {
    // A page may hold many drawings, and names are the page's.
    String name = "c%08x-%d".formatted(title.hashCode(), clips++);
    add(
        "<clipPath id=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
            + " height=\"%.1f\"/></clipPath>",
        name, x, y, w, h);
    add("<g clip-path=\"url(#%s)\">", name);
  }

  void end() {
    add("</g>");
  }

  static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String toString() {
    String head =
        """
        <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="11">
        <title>%s</title>
        <rect width="%d" height="%d" fill="#fff"/>
        """
            .formatted(width, height, width, height, escaped(title), width, height);
    return head + text + "</svg>\n";
  }
}
