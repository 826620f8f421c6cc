package io.prunella.train;

import java.util.Locale;

/**
 * A reliability plot: how often p was at most so much where nothing was labelled, against so much,
 * both on scales of powers of ten. What can be trusted lies on the diagonal; above it p promises
 * more than it keeps.
 */
final class Reliability {
  private static final String KEY = "p-below-";
  private static final int SIDE = 320;
  private static final int ROOM = 48;
  private static final double DECADES = 4;

  private Reliability() {}

  /** The plot, or nothing for figures without p. */
  static String svg(Figures figures) {
    var line = new StringBuilder();
    for (var value : figures.values().entrySet()) {
      if (!value.getKey().startsWith(KEY) || !(value.getValue() > 0)) continue;
      double wanted = Double.parseDouble(value.getKey().substring(KEY.length()));
      line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(wanted), y(value.getValue())));
    }
    if (line.isEmpty()) return "";
    var text = new StringBuilder("<figure><figcaption>p of ");
    text.append(figures.set().replace("&", "&amp;").replace("<", "&lt;"));
    text.append(": how often (upright) against how often it says</figcaption>\n");
    text.append(
        "<svg role=\"img\" width=\"%d\" height=\"%d\" font-size=\"11\" fill=\"currentColor\">"
            .formatted(SIDE + 2 * ROOM, SIDE + 2 * ROOM));
    text.append("<title>reliability of p</title>\n");
    for (int k = 0; k <= DECADES; k++) {
      double p = Math.pow(10, -k);
      String name = k == 0 ? "1" : "0." + "0".repeat(k - 1) + "1";
      String grid = "<path d=\"M%.1f %dV%dM%d %.1fH%d\" stroke=\"#8884\"/>";
      text.append(
          String.format(Locale.ROOT, grid, x(p), ROOM, ROOM + SIDE, ROOM, y(p), ROOM + SIDE));
      String label = "<text x=\"%.1f\" y=\"%d\">%s</text><text x=\"2\" y=\"%.1f\">%s</text>\n";
      text.append(
          String.format(Locale.ROOT, label, x(p) - 8, SIDE + ROOM + 16, name, y(p) + 4, name));
    }
    String diagonal = "<path d=\"M%d %dL%d %d\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>\n";
    text.append(diagonal.formatted(ROOM, SIDE + ROOM, SIDE + ROOM, ROOM));
    text.append("<polyline fill=\"none\" stroke=\"#c60\" stroke-width=\"2\" points=\"");
    return text.append(line.toString().strip()).append("\"/></svg></figure>\n").toString();
  }

  private static double share(double p) {
    return Math.max(0, 1 + Math.log10(p) / DECADES);
  }

  private static double x(double p) {
    return ROOM + SIDE * share(p);
  }

  private static double y(double p) {
    return ROOM + SIDE * (1 - share(p));
  }
}
