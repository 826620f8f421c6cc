package io.prunella.console;

import java.util.Locale;

/** Values as people read them, in the unit that the signal catalogue names. */
final class Numbers {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Numbers() {}

  /** With its unit: {@code 465 ms}, {@code 3.8 %}, {@code 212 /s}; a dash for NaN. */
  static String show(double value, String unit) {
    if (Double.isNaN(value)) return "–";
    if (Double.isInfinite(value)) return value > 0 ? "∞" : "−∞";
    return switch (unit) {
      case "bytes" -> bytes(value, "");
      case "bytes/s" -> bytes(value, "/s");
      case "seconds" -> seconds(value);
      case "s/s" -> Math.abs(value) < 1 ? seconds(value) + "/s" : plain(value) + " s/s";
      case "ratio" -> plain(value * 100) + " %";
      case "1/s" -> plain(value) + " /s";
      case "" -> plain(value);
      default -> plain(value) + " " + unit;
    };
  }

  /** Three significant digits, commas between thousands, as the detector writes them. */
  static String plain(double value) {
    if (Double.isNaN(value)) return "–";
    double size = Math.abs(value);
    if (size != 0 && (size >= 1e9 || size < 1e-3)) return String.format(Locale.ROOT, "%.2e", value);
    int digits = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value).replace("-", "−");
  }

  /** A share of one as whole per cent: {@code 86}. */
  static long percent(double share) {
    return Math.round(share * 100);
  }

  private static String seconds(double value) {
    double size = Math.abs(value);
    if (size != 0 && size < 1e-3) return plain(value * 1e6) + " µs";
    if (size < 1) return plain(value * 1e3) + " ms";
    if (size < 120) return plain(value) + " s";
    if (size < 7_200) return plain(value / 60) + " min";
    return size < 172_800 ? plain(value / 3_600) + " h" : plain(value / 86_400) + " days";
  }

  private static String bytes(double value, String per) {
    int step = 0;
    double left = value;
    while (Math.abs(left) >= 1_024 && step < BINARY.length - 1) {
      left /= 1_024;
      step++;
    }
    return plain(left) + " " + BINARY[step] + per;
  }
}
