package io.prunella.server;

import io.prunella.detect.AlarmBudget;
import io.prunella.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the alarm budget has learnt on disk: once an hour of the world's time, and when it is
 * closed. A kill loses an hour of months. Called by one thread.
 */
final class BudgetKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetKeeper.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final String FORMAT = "alarm-budget 1";

  private final Path file;
  private final Supplier<AlarmBudget> budget;
  private Instant last = Instant.EPOCH;

  /**
   * Begins to keep.
   *
   * @param budget the latest; any thread may ask
   */
  BudgetKeeper(Path storage, Supplier<AlarmBudget> budget) {
    this.file = file(storage);
    this.budget = budget;
  }

  private static Path file(Path storage) {
    return storage.resolve("alarm-budget");
  }

  /**
   * What was kept, as one that is asked for so many; a new one when there is nothing. A damaged
   * file is set aside beside itself.
   */
  static AlarmBudget read(Path storage, double perWeek) {
    var fresh = AlarmBudget.of(perWeek);
    Path file = file(storage);
    try {
      return fresh.restored(learnt(Files.readAllLines(file, StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return fresh; // the first start
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "msg=\"alarm budget set aside, it is learnt anew\" file={} why=\"{}\"",
          file,
          e.toString());
      setAside(file);
      return fresh;
    }
  }

  private static double[] learnt(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "it begins with \"%s\", wanted \"%s\""
              .formatted(lines.isEmpty() ? "" : lines.getFirst(), FORMAT));
    }
    return lines.stream().skip(1).mapToDouble(Double::parseDouble).toArray();
  }

  private static void setAside(Path file) {
    try {
      Files.move(
          file, file.resolveSibling("alarm-budget.damaged"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("msg=\"it could not be set aside\" file={} error=\"{}\"", file, e.toString());
    }
  }

  /** Writes when it is time. */
  void tick(Instant now) {
    if (last.equals(Instant.EPOCH)) last = now; // what is on disk is as old as this
    if (Duration.between(last, now).compareTo(EVERY) < 0) return;
    last = now;
    write();
  }

  @Override
  public void close() {
    if (!last.equals(Instant.EPOCH)) write();
  }

  private void write() {
    var lines = new ArrayList<String>();
    lines.add(FORMAT);
    for (double number : budget.get().learnt()) lines.add(Double.toString(number));
    try {
      WholeFile.write(file, WholeFile.Readers.USUAL, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      LOG.warn(
          "msg=\"alarm budget not written; a restart would go on from the last one\" file={}"
              + " error=\"{}\"",
          file,
          e.toString());
    }
  }
}
