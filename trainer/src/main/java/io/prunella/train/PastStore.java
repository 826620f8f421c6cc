package io.prunella.train;

import io.prunella.file.WholeFile;
import io.prunella.series.Labels;
import io.prunella.server.PastSeries;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Windows of a history that have been read, a file each, so that a run that was cut off, or another
 * over the same time, does not read them again. A file is there whole or not at all, and one that
 * is damaged counts as not there. One folder may serve many histories: each has one below it, named
 * by the digest of what was asked. One thread.
 */
final class PastStore {
  private static final int MAGIC = 0x50415354; // PAST
  private static final int VERSION = 1;
  private static final int TEXT_MAX = 1 << 20; // bytes of a label's value

  private final Path folder;

  /**
   * @param folder where the histories lie; made when the first window is kept
   * @param asked what tells this history from others: address, selector
   * @param onto labels that are put onto its series
   */
  PastStore(Path folder, List<String> asked, Map<String, String> onto) {
    var parts = new ArrayList<>(asked);
    new TreeMap<>(onto).forEach((name, value) -> parts.addAll(List.of(name, value)));
    this.folder = folder.resolve(TextDigest.of(parts));
  }

  private Path file(Instant from, Instant to) {
    return folder.resolve("%d-%d.gz".formatted(from.getEpochSecond(), to.getEpochSecond()));
  }

  private Path mark(Instant from, Instant to) {
    return folder.resolve("%d-%d.full".formatted(from.getEpochSecond(), to.getEpochSecond()));
  }

  /** Whether this window is known to hold too much for one. */
  boolean isTooMuch(Instant from, Instant to) {
    return Files.exists(mark(from, to));
  }

  /** Remembers that this window holds too much for one. */
  void tooMuch(Instant from, Instant to) throws IOException {
    Files.createDirectories(folder);
    Files.write(mark(from, to), new byte[0]);
  }

  /** Keeps a window. */
  void keep(Instant from, Instant to, List<PastSeries> window) throws IOException {
    Files.createDirectories(folder);
    WholeFile.write(
        file(from, to),
        WholeFile.Readers.USUAL,
        channel -> {
          var gzip =
              new GZIPOutputStream(
                  new BufferedOutputStream(Channels.newOutputStream(channel)), 1 << 16);
          var out = new DataOutputStream(gzip);
          out.writeInt(MAGIC);
          out.writeInt(VERSION);
          out.writeInt(window.size());
          for (PastSeries series : window) write(out, series);
          gzip.finish();
          out.flush(); // not closed: the channel is not ours
        });
  }

  private static void write(DataOutputStream out, PastSeries series) throws IOException {
    var labels = new TreeMap<String, String>();
    series.labels().forEach(labels::put);
    out.writeInt(labels.size());
    for (var label : labels.entrySet()) {
      text(out, label.getKey());
      text(out, label.getValue());
    }
    out.writeInt(series.size());
    for (int i = 0; i < series.size(); i++) {
      out.writeLong(series.timeMs(i) - (i == 0 ? 0 : series.timeMs(i - 1)));
      out.writeLong(Double.doubleToRawLongBits(series.value(i)));
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** A window that was kept; null when there is none, or none that can be read. */
  @Nullable List<PastSeries> get(Instant from, Instant to) {
    Path file = file(from, to);
    if (!Files.isRegularFile(file)) return null;
    try (var in =
        new DataInputStream(
            new BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(file), 1 << 16), 1 << 16))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) return null;
      int count = in.readInt();
      var window = new ArrayList<PastSeries>();
      for (int i = 0; i < count; i++) window.add(read(in));
      return in.read() < 0 ? window : null; // to the end: then the sum of its bytes is checked
    } catch (IOException e) {
      return null; // as good as not there: it is read again and written over
    }
  }

  private static PastSeries read(DataInputStream in) throws IOException {
    int size = in.readInt();
    var labels = new TreeMap<String, String>();
    for (int i = 0; i < size; i++) labels.put(text(in), text(in));
    var series = new PastSeries(Labels.of(labels));
    int samples = in.readInt();
    long timeMs = 0;
    for (int i = 0; i < samples; i++) {
      timeMs += in.readLong();
      series.add(timeMs, Double.longBitsToDouble(in.readLong()));
    }
    return series;
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > TEXT_MAX)
      throw new IOException("a text of %d bytes".formatted(length));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
