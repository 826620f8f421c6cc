package io.prunella.train;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A series in a CSV file, gzipped or plain: a column of times (epoch seconds, milliseconds, or ISO
 * 8601, UTC where no zone is named) and one of values; others are ignored. A header is optional;
 * one that names {@code timestamp} and {@code value} says which columns they are, otherwise they
 * are the first two. Rows are read one by one, in the file's order.
 */
final class CsvSeries implements AutoCloseable {
  private static final char BYTE_ORDER_MARK = '\uFEFF'; // spreadsheets write it
  private static final double MILLIS_FROM = 1e11; // as seconds that would be the year 5138
  private static final List<String> TIME_NAMES =
      List.of("timestamp", "time", "ts", "date", "datetime");
  private static final List<String> VALUE_NAMES = List.of("value", "v");
  private static final List<String> LABEL_NAMES = List.of("label", "is_anomaly");
  private static final DateTimeFormatter LOCAL =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .optionalEnd()
          .optionalStart()
          .appendLiteral(' ')
          .optionalEnd()
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);

  /**
   * One row.
   *
   * @param time as it stands in the file
   * @param value NaN where the file says so or says nothing
   * @param odd true where a column of labels says anything but 0
   */
  record Row(String time, long timeMs, double value, boolean odd) {}

  /** A row that cannot be read; the message has file, line, what was seen and what was wanted. */
  static final class BadRow extends IOException {
    private static final long serialVersionUID = 1;

    BadRow(String message) {
      super(message);
    }
  }

  private final Path file;
  private final BufferedReader in;
  private int line;
  private int timeColumn;
  private int valueColumn = 1;
  private int labelColumn = -1;

  CsvSeries(Path file) throws IOException {
    this.file = file;
    var bytes = Files.newInputStream(file);
    try {
      var text = isGzip(file) ? new GZIPInputStream(bytes) : bytes;
      this.in = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      bytes.close();
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The text of a file, unpacked when its name says that it is packed. */
  static BufferedReader lines(Path file) throws IOException {
    var bytes = Files.newInputStream(file);
    try {
      var text = isGzip(file) ? new GZIPInputStream(bytes) : bytes;
      return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  static boolean isGzip(Path file) {
    return file.toString().endsWith(".gz");
  }

  /**
   * The next row, or null at the end. After a {@link BadRow} the reading goes on behind it.
   *
   * @throws BadRow when time or value cannot be read
   */
  @Nullable Row next() throws IOException {
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (text.isBlank()) continue;
      if (line == 1 && text.charAt(0) == BYTE_ORDER_MARK) text = text.substring(1);
      String[] cells = text.indexOf('"') < 0 ? text.split(",", -1) : quoted(text);
      for (int i = 0; i < cells.length; i++) cells[i] = bare(cells[i]);
      if (line == 1 && header(cells)) continue;
      return row(cells);
    }
    return null;
  }

  /** Cells of a line in which some are quoted: a comma between quotes is text. */
  private static String[] quoted(String text) {
    var cells = new ArrayList<String>();
    boolean inside = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') inside = !inside;
      if (c != ',' || inside) continue;
      cells.add(text.substring(from, i));
      from = i + 1;
    }
    cells.add(text.substring(from));
    return cells.toArray(String[]::new);
  }

  private static String bare(String cell) {
    String text = cell.strip();
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private boolean header(String[] cells) {
    boolean isRow = time(cells[0]).isPresent() && cells.length > 1 && value(cells[1]).isPresent();
    if (isRow) return false;
    var names = Arrays.stream(cells).map(c -> c.toLowerCase(Locale.ROOT)).toList();
    int time = column(names, TIME_NAMES);
    int value = column(names, VALUE_NAMES);
    if (time >= 0 && value >= 0) {
      timeColumn = time;
      valueColumn = value;
      labelColumn = column(names, LABEL_NAMES);
      return true;
    }
    return time(cells[0]).isEmpty(); // words, but not ours: the first two columns it is
  }

  private static int column(List<String> names, List<String> known) {
    for (String name : known) {
      if (names.contains(name)) return names.indexOf(name);
    }
    return -1;
  }

  private Row row(String[] cells) throws BadRow {
    int wanted = Math.max(timeColumn, valueColumn) + 1;
    if (cells.length < wanted) {
      throw bad(
          "has %d columns, wanted at least %d: timestamp,value".formatted(cells.length, wanted));
    }
    String timeText = cells[timeColumn];
    var time = time(timeText);
    if (time.isEmpty()) {
      throw bad(
          "timestamp is \"%s\", wanted epoch seconds, milliseconds or ISO 8601"
              .formatted(timeText));
    }
    var value = value(cells[valueColumn]);
    if (value.isEmpty()) {
      throw bad("value is \"%s\", wanted a number".formatted(cells[valueColumn]));
    }
    return new Row(timeText, time.getAsLong(), value.getAsDouble(), odd(cells));
  }

  private boolean odd(String[] cells) throws BadRow {
    if (labelColumn < 0) return false;
    String seen = labelColumn < cells.length ? cells[labelColumn] : "";
    var label = value(seen);
    if (label.isEmpty()) throw bad("label is \"%s\", wanted 0 or 1".formatted(seen));
    return label.getAsDouble() > 0; // not known is not odd
  }

  /** True when the header names a column of labels. Known once a row was read. */
  boolean isLabelled() {
    return labelColumn >= 0;
  }

  private BadRow bad(String what) {
    return new BadRow("%s:%d: %s".formatted(file, line, what));
  }

  static OptionalLong time(String text) {
    if (text.isEmpty()) return OptionalLong.empty();
    try {
      double number = Double.parseDouble(text);
      if (!Double.isFinite(number) || Math.abs(number) > 1e15) return OptionalLong.empty();
      return OptionalLong.of(Math.round(Math.abs(number) >= MILLIS_FROM ? number : number * 1000));
    } catch (NumberFormatException e) {
      return iso(text); // not a number: a date perhaps
    }
  }

  private static OptionalLong iso(String text) {
    try {
      return OptionalLong.of(Instant.parse(text).toEpochMilli());
    } catch (DateTimeException e) {
      // not in UTC
    }
    try {
      return OptionalLong.of(
          OffsetDateTime.parse(text.replace(' ', 'T')).toInstant().toEpochMilli());
    } catch (DateTimeException e) {
      // without a zone
    }
    try {
      return OptionalLong.of(
          LocalDateTime.parse(text, LOCAL).toInstant(ZoneOffset.UTC).toEpochMilli());
    } catch (DateTimeException e) {
      return OptionalLong.empty(); // the caller says what was wanted
    }
  }

  private static OptionalDouble value(String text) {
    if (text.isEmpty() || text.equalsIgnoreCase("nan")) return OptionalDouble.of(Double.NaN);
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty(); // the caller says what was wanted
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
