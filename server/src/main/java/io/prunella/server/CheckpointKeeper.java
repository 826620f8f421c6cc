package io.prunella.server;

import io.prunella.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the watch has learnt to disk now and then, and when it is closed. Called by one
 * thread.
 */
final class CheckpointKeeper implements AutoCloseable {
  /** However fast a demo's time runs, disks do not. */
  private static final Duration APART = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

  /** A checkpoint of very many series must not take more than this share of the time: 1 / … */
  private static final int SHARE = 10;

  private final Watch watch;
  private final Path file;
  private final Duration every;
  private final InstantSource wall;
  private Instant earliest; // by the wall
  private Instant world = Instant.EPOCH;
  private Instant lastWorld = Instant.EPOCH;

  /**
   * Loads the last checkpoint, before the first sample comes.
   *
   * @param every in the world's time, which is what series would miss after a kill
   */
  CheckpointKeeper(Watch watch, Path storage, Duration every, InstantSource wall) {
    this.watch = watch;
    this.file = file(storage);
    this.every = every;
    this.wall = wall;
    this.earliest = wall.instant().plus(APART);
    try {
      var restored = watch.restore(file);
      if (restored.setAside() != null) {
        LOG.warn(
            "msg=\"checkpoint set aside, series begin cold\" file={} why=\"{}\"",
            restored.setAside(),
            restored.why());
      } else if (restored.rows() > 0) {
        LOG.info(
            "msg=\"series go on where they were\" rows={} from={}",
            restored.rows(),
            Instant.ofEpochMilli(restored.atMs()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint %s cannot be read".formatted(file), e);
    }
  }

  /** Where it is in a storage folder. */
  static Path file(Path storage) {
    return storage.resolve("watch.checkpoint");
  }

  /**
   * Writes one when it is time: every so often in the world's time, but by the wall not before ten
   * times what the last one took.
   *
   * @param now the world's time, told to the operator
   */
  void tick(Instant now) {
    world = now;
    if (lastWorld.equals(Instant.EPOCH)) lastWorld = now; // what is on disk is as old as this
    boolean isDue = Duration.between(lastWorld, now).compareTo(every) >= 0;
    if (isDue && !wall.instant().isBefore(earliest)) write();
  }

  @Override
  public void close() {
    if (!world.equals(Instant.EPOCH)) write();
  }

  private void write() {
    Instant begin = wall.instant();
    lastWorld = world;
    try {
      long bytes = watch.checkpoint(file, world.toEpochMilli());
      LOG.debug("msg=\"checkpoint written\" bytes={}", bytes);
    } catch (IOException e) {
      LOG.warn(
          "msg=\"checkpoint not written; a restart would begin at the last one\" file={}"
              + " error=\"{}\"",
          file,
          e.toString());
    }
    Duration took = Duration.between(begin, wall.instant());
    Duration pause = took.multipliedBy(SHARE);
    earliest = begin.plus(pause.compareTo(APART) > 0 ? pause : APART);
  }
}
