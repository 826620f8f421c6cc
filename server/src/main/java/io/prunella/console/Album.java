package io.prunella.console;

import io.prunella.file.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The charts of incidents that are over, as they were drawn: a file each, of so many incidents at
 * most, of which those that ended first go first. Nothing is decided by them and they are not in
 * the journal: a file that is gone or damaged is a chart less. Any thread may ask; one at a time
 * puts.
 */
final class Album {
  private static final Logger LOG = LoggerFactory.getLogger(Album.class);
  private static final int BYTES_MAX = 4 << 20; // as text, of one incident
  private static final String FORMAT = ".charts-1.json.gz";
  private static final Pattern NAME =
      Pattern.compile("[A-Z]+-\\d+\\.(\\d{1,18})" + Pattern.quote(FORMAT));

  private final Path folder;
  private final int incidentsMax;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /**
   * Opens a folder, which is made when it is not there.
   *
   * @param incidentsMax how many it keeps, 1 or more
   * @throws UncheckedIOException when that cannot be
   */
  Album(Path folder, int incidentsMax) {
    this.folder = folder;
    this.incidentsMax = incidentsMax;
    try {
      Files.createDirectories(folder);
      try (var files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> NAME.matcher(name).matches())
            .forEach(names::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": charts cannot be kept here", e);
    }
  }

  /** Incidents whose charts are kept. */
  int size() {
    return names.size();
  }

  /** Whether there are charts of an incident that ended then; one that opens again ends anew. */
  boolean has(String incident, Instant over) {
    return names.contains(name(incident, over));
  }

  /** What was kept, most telling first; empty when nothing was, or it cannot be read. Blocks. */
  List<Chart> read(String incident, Instant over) {
    Path file = folder.resolve(name(incident, over));
    try (var in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      byte[] text = in.readNBytes(BYTES_MAX + 1);
      if (text.length > BYTES_MAX) throw new IOException("more than " + BYTES_MAX + " bytes");
      return JsonMapper.shared().readValue(text, new TypeReference<List<Chart>>() {});
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | JacksonException e) {
      LOG.warn("msg=\"charts cannot be read\" file={} error=\"{}\"", file, e.toString());
      return List.of();
    }
  }

  /**
   * Keeps an incident's charts in place of those of an earlier end; when it is full, those of the
   * incident that ended first go. Blocks.
   */
  void put(String incident, Instant over, List<Chart> charts) throws IOException {
    byte[] text = JsonMapper.shared().writeValueAsBytes(charts);
    if (text.length > BYTES_MAX) {
      throw new IOException(
          "the charts of %s are %d bytes, wanted at most %d"
              .formatted(incident, text.length, BYTES_MAX));
    }
    String name = name(incident, over);
    WholeFile.write(
        folder.resolve(name),
        WholeFile.Readers.USUAL,
        channel -> {
          // The channel is the writer's to close: so the end of the stream is written, not closed.
          var out = new GZIPOutputStream(Channels.newOutputStream(channel));
          out.write(text);
          out.finish();
        });
    names.add(name);
    for (String other : names) { // of an end after which it opened again
      if (other.startsWith(incident + ".") && !other.equals(name)) forget(other);
    }
    while (names.size() > incidentsMax) {
      forget(names.stream().min(Comparator.comparingLong(Album::over)).get());
    }
  }

  private void forget(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
    names.remove(name);
  }

  private static String name(String incident, Instant over) {
    return incident + "." + over.toEpochMilli() + FORMAT;
  }

  private static long over(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
