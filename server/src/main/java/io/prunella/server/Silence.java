package io.prunella.server;

import io.prunella.ingest.IngestFigures;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that nobody writes any more: then nothing is watched, and no detector can say so. One
 * thread ticks, any may ask.
 */
final class Silence {
  private static final Logger LOG = LoggerFactory.getLogger(Silence.class);

  private final IngestFigures figures;
  private final InstantSource clock;
  private final long silentMs;
  private final long startedMs;
  private boolean wasSilent;

  /**
   * @param clock the one that {@code figures} go by
   * @param silentMs so long may pass without a sample
   */
  Silence(IngestFigures figures, InstantSource clock, long silentMs) {
    this.figures = figures;
    this.clock = clock;
    this.silentMs = silentMs;
    startedMs = clock.millis();
  }

  /** True when there was no sample for too long, also when there never was one. */
  boolean isSilent() {
    return clock.millis() - Math.max(startedMs, figures.lastSampleMs()) >= silentMs;
  }

  /** Says it in the log, once each time. */
  void tick() {
    boolean silent = isSilent();
    if (silent && !wasSilent) {
      LOG.warn(
          "msg=\"no sender has written a sample; nothing is watched\" seconds={}", silentMs / 1000);
    } else if (!silent && wasSilent) {
      LOG.info("msg=\"samples come again\"");
    }
    wasSilent = silent;
  }
}
