package io.prunella.detect;

import static io.prunella.detect.Row.*;

import io.prunella.signal.Meaning;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers with their units and short reasons, for people. */
final class Words {
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private static final DateTimeFormatter WEEK =
      DateTimeFormatter.ofPattern("' for' EEEE HH:mm 'UTC'", Locale.ENGLISH);
  private static final double SPARSE_Z = 4; // below it a sample alone would not have opened

  private Words() {}

  /** Why a stretch is odd: "4.2 × the usual spread above 310 MiB". */
  static String surprise(double[] page, int at, Meaning meaning) {
    double z = page[at + PEAK_Z];
    String unit = meaning.scoredUnit();
    String value = amount(page[at + PEAK_VALUE], unit);
    String expected = amount(page[at + PEAK_EXPECTED], unit);
    if (has(page, at, SETTLED)) {
      return "settled at %s, expected was %s: taken as the new normal"
          .formatted(amount(page[at + LEVEL], unit), expected);
    }
    if (page[at + ZEROS] > 0.999 && page[at + PEAK_VALUE] != 0) {
      return "%s where it was 0 all along".formatted(value);
    }
    if (meaning.type() == Meaning.Type.COUNTER
        && Math.abs(z) < SPARSE_Z
        && page[at + LATELY] >= 1) {
      return "%s counted within a few minutes, %s a day before"
          .formatted(plain(Math.rint(page[at + LATELY])), plain(Math.rint(page[at + OVER_DAY])));
    }
    String side = z > 0 ? "above" : "below";
    String times = "%s × the usual spread %s %s".formatted(plain(Math.abs(z)), side, expected);
    if (page[at + PEAK_VALUE] == 0 && page[at + ZEROS] < 0.001) {
      return "dropped to 0 from %s".formatted(expected);
    }
    double from = page[at + FROM];
    if (Season.isProven(page, at + SEASON, from - page[at + BORN])) times += time(from);
    return Math.abs(z) < 1000 ? times : "%s where %s was steady".formatted(value, expected);
  }

  private static String time(double timeMs) {
    return Instant.ofEpochMilli((long) timeMs).atZone(ZoneOffset.UTC).format(WEEK);
  }

  static String silence(double[] page, int at, long nowMs) {
    double until = page[at + TO] > 0 ? page[at + TO] : nowMs;
    double gap = (until - page[at + FROM]) / 1000;
    return "no sample for %s, usually one every %s"
        .formatted(seconds(gap), seconds(page[at + GAP]));
  }

  /**
   * A value with its unit: bytes in powers of 1024, seconds in the unit that fits, ratios in per
   * cent.
   */
  static String amount(double value, String unit) {
    return switch (unit) {
      case "bytes" -> bytes(value);
      case "bytes/s" -> bytes(value) + "/s";
      case "seconds" -> seconds(value);
      case "s/s" -> Math.abs(value) < 1 ? seconds(value) + "/s" : plain(value) + " s/s";
      case "ratio" -> plain(value * 100) + " %";
      case "percent" -> plain(value) + " %";
      case "" -> plain(value);
      case "1/s" -> plain(value) + "/s";
      default -> plain(value) + " " + unit;
    };
  }

  private static String bytes(double value) {
    int power = 0;
    double size = value;
    while (Math.abs(size) >= 1024 && power < BYTES.length - 1) {
      size /= 1024;
      power++;
    }
    return plain(size) + " " + BYTES[power];
  }

  static String seconds(double value) {
    double size = Math.abs(value);
    if (size == 0) return "0 s";
    if (size < 1e-3) return plain(value * 1e6) + " µs";
    if (size < 1) return plain(value * 1e3) + " ms";
    if (size < 120) return plain(value) + " s";
    if (size < 7200) return plain(value / 60) + " min";
    if (size < 172_800) return plain(value / 3600) + " h";
    return plain(value / 86_400) + " d";
  }

  /** Three digits that matter, no exponent where people can read it without. */
  static String plain(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(size)) return "unknown";
    if (size >= 1e7 || (size > 0 && size < 1e-3)) return String.format(Locale.ROOT, "%.2e", value);
    if (size >= 100 || value == Math.rint(value)) return String.format(Locale.ROOT, "%,.0f", value);
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.1f" : "%.3f", value);
  }
}
