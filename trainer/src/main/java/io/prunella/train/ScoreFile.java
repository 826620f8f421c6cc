package io.prunella.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Scores one file, strictly online: row n is written before row n+1 is read. The result appears
 * whole or not at all.
 */
final class ScoreFile {
  private static final String HEADER =
      "timestamp,value,expected,lower,upper,surprise,p_value,score,anomaly\n";
  private static final int NAMED_MAX = 20;

  /**
   * What became of a file.
   *
   * @param bad rows that could not be read, the first of them by line
   * @param badRows how many those were
   */
  record Result(long rows, long anomalies, long badRows, List<String> bad) {}

  private final Stage2 stage;
  private final double[] band = new double[3];

  /**
   * @param judges of stage 2; none of either kind for stage 1 alone
   */
  ScoreFile(Stage2.Judges judges) {
    stage = new Stage2(judges, Hosts.Around.NOBODY);
  }

  /**
   * Scores {@code in} into {@code out}; with bad rows and not {@code skipBad} nothing is written.
   */
  Result score(Path in, Path out, boolean skipBad) throws IOException {
    var folder = out.toAbsolutePath().getParent();
    if (folder != null) Files.createDirectories(folder);
    Path part = out.resolveSibling(out.getFileName() + ".part");
    Result result;
    try (var series = new CsvSeries(in);
        var bytes = Files.newOutputStream(part);
        var text = CsvSeries.isGzip(out) ? new GZIPOutputStream(bytes) : bytes;
        var writer = new BufferedWriter(new OutputStreamWriter(text, StandardCharsets.UTF_8))) {
      result = rows(series, writer);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    if (result.badRows() > 0 && !skipBad) {
      Files.delete(part);
    } else {
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
    }
    return result;
  }

  private Result rows(CsvSeries series, BufferedWriter out) throws IOException {
    var bad = new ArrayList<String>();
    long rows = 0;
    long badRows = 0;
    long anomalies = 0;
    out.write(HEADER);
    while (true) {
      CsvSeries.Row next;
      try {
        next = series.next();
      } catch (CsvSeries.BadRow e) {
        if (badRows++ < NAMED_MAX) bad.add(String.valueOf(e.getMessage()));
        continue;
      }
      if (next == null) return new Result(rows, anomalies, badRows, bad);
      rows++;
      if (stage.observe(next.timeMs(), next.value())) anomalies++;
      write(out, next);
    }
  }

  private void write(BufferedWriter out, CsvSeries.Row next) throws IOException {
    boolean scored = stage.isScored();
    stage.band(band);
    double surprise = stage.surprise();
    var line = new StringBuilder(next.time());
    cell(line, next.value());
    for (double edge : band) cell(line, scored ? edge : Double.NaN);
    cell(line, surprise);
    cell(line, Math.exp(-surprise));
    cell(line, stage.score());
    line.append(',').append(stage.isAnomalous() ? 1 : 0).append('\n');
    out.append(line);
  }

  private static void cell(StringBuilder line, double value) {
    line.append(',');
    if (!Double.isNaN(value)) line.append(value);
  }
}
