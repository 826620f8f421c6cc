package io.prunella.server;

import io.prunella.remediation.PolicyConfig.CalendarEntry;
import io.prunella.remediation.Situation.Closed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calendars of the policy: read from their files and addresses, kept, read again in time. One
 * that cannot be read stands as it was read last until that is too old; from then on, and before it
 * was ever read, it is closed. {@link #closedAt} is for any thread, {@link #tick} for one.
 */
final class Calendars implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Calendars.class);
  private static final Duration AHEAD = Duration.ofDays(40);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final Duration LOOKED_AT_AFTER = Duration.ofMinutes(5);

  private final List<Kept> kept = new ArrayList<>();
  private final Path folder;
  private final InstantSource clock;
  private final HttpClient client;

  /** One calendar: what is known of it. */
  private static final class Kept {
    final CalendarEntry entry;
    volatile @Nullable BusyTimes times;
    volatile @Nullable Instant readAt;
    volatile String problem = "it has not been read yet";
    Instant triedAt = Instant.MIN; // tick() only

    Kept(CalendarEntry entry) {
      this.entry = entry;
    }
  }

  /**
   * @param folder relative files begin there
   */
  Calendars(List<CalendarEntry> entries, Path folder, InstantSource clock) {
    for (CalendarEntry one : entries) kept.add(new Kept(one));
    this.folder = folder;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(ANSWER_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Reads those that are due. Blocks, for at most ten seconds each. */
  void tick() {
    Instant now = clock.instant();
    for (Kept one : kept) {
      boolean due =
          one.triedAt.equals(Instant.MIN) || !now.isBefore(one.triedAt.plus(one.entry.refresh()));
      if (!due) continue;
      one.triedAt = now;
      try {
        String text = text(one.entry);
        ZoneId zone = ZoneId.of(one.entry.zone());
        one.times =
            BusyTimes.read(
                one.entry.name(), text, zone, now.minus(Duration.ofDays(1)), now.plus(AHEAD));
        one.readAt = now;
        if (!one.problem.isEmpty()) LOG.info("calendar is read name={}", one.entry.name());
        one.problem = "";
      } catch (IOException | RuntimeException e) {
        String problem =
            e instanceof NoSuchFileException gone
                ? "there is no file " + gone.getFile()
                : String.valueOf(e.getMessage());
        if (!problem.equals(one.problem)) {
          LOG.warn("calendar cannot be read name={} problem={}", one.entry.name(), problem);
        }
        one.problem = problem;
      }
    }
  }

  /**
   * Those that hold this moment, or of which nothing fresh enough is known; but for those that hold
   * back only who names them.
   */
  List<Closed> closedAt(Instant now) {
    if (kept.isEmpty()) return List.of();
    var closed = new ArrayList<Closed>();
    for (Kept one : kept) {
      if (!one.entry.onlyNamed()) closedAt(one, now).ifPresent(closed::add);
    }
    return closed;
  }

  /** Whether the calendar of that name does; null when there is none. */
  @Nullable List<Closed> closedAt(Instant now, String name) {
    for (Kept one : kept) {
      if (one.entry.name().equals(name)) return closedAt(one, now).stream().toList();
    }
    return null;
  }

  private static Optional<Closed> closedAt(Kept one, Instant now) {
    BusyTimes times = one.times;
    Instant readAt = one.readAt;
    if (times != null && readAt != null && !now.isAfter(readAt.plus(one.entry.ageMax()))) {
      return times.closedAt(now);
    }
    return Optional.of(
        new Closed(
            now.plus(LOOKED_AT_AFTER),
            "calendar %s cannot be read, so it is taken as closed: %s"
                .formatted(one.entry.name(), one.problem)));
  }

  private String text(CalendarEntry entry) throws IOException {
    byte[] bytes;
    if (!entry.file().isEmpty()) {
      try (InputStream in = Files.newInputStream(folder.resolve(entry.file()))) {
        bytes = in.readNBytes(entry.bytesMax() + 1);
      }
    } else {
      bytes = fetched(entry);
    }
    if (bytes.length > entry.bytesMax()) {
      throw new IOException("it is longer than %d bytes".formatted(entry.bytesMax()));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Of an answer without end no more is taken than is wanted; one that hangs is left. */
  private byte[] fetched(CalendarEntry entry) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(entry.url()))
            .timeout(ANSWER_MAX)
            .header("Accept", "text/calendar")
            .GET()
            .build();
    var answer =
        client.sendAsync(
            request,
            info ->
                info.statusCode() == 200
                    ? HttpResponse.BodySubscribers.limiting(
                        HttpResponse.BodySubscribers.ofByteArray(), entry.bytesMax())
                    : HttpResponse.BodySubscribers.replacing(new byte[0]));
    try {
      var got = answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (got.statusCode() != 200) {
        throw new IOException("it was answered with %d, wanted 200".formatted(got.statusCode()));
      }
      return got.body();
    } catch (ExecutionException e) {
      throw new IOException("it cannot be fetched: " + e.getCause(), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no whole answer within %d s".formatted(ANSWER_MAX.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      throw new IOException("given up while waiting", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
