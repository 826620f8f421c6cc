package io.prunella.runbook;

import io.prunella.signal.Direction;
import io.prunella.signal.LimitPart.Role;
import io.prunella.signal.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recent samples of one service's signals, taken at one moment: all that an expression may look at.
 * A signal that is not there has no data, which is never a success. Beside them, what Prometheus
 * says of its alerts, of any service.
 *
 * @param at the moment
 * @param incidentAt when the incident opened: {@code before(…)} looks at what was earlier
 * @param tracks the series of each signal
 * @param alerts the newest word of each of Prometheus' alerts that is known
 */
public record Readings(
    Instant at, Instant incidentAt, Map<Signal, List<Track>> tracks, List<Alert> alerts) {
  public Readings {
    alerts = List.copyOf(alerts);
  }

  /** With no alert known. */
  public Readings(Instant at, Instant incidentAt, Map<Signal, List<Track>> tracks) {
    this(at, incidentAt, tracks, List.of());
  }

  /**
   * The newest sample of one alert's series.
   *
   * @param labels all of them, {@code alertname} and {@code alertstate} too
   * @param value 1 while it is pending or firing; NaN when its series was ended
   */
  public record Alert(Map<String, String> labels, long timeMs, double value) {
    public Alert {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * One series.
   *
   * @param instance which copy of the service, or empty
   * @param values as scored: a rate per second for counters; same length as {@code timesMs}, oldest
   *     first
   * @param limit the hard limit that belongs to it, NaN when none is known; 1 for a series that is
   *     a share
   * @param worse the side that is bad news, or null when nobody has said: then its signal's usual
   *     one
   * @param part its part in the hard limit; null: it is what is used
   */
  public record Track(
      String metric,
      String instance,
      long[] timesMs,
      double[] values,
      double limit,
      @Nullable Direction worse,
      @Nullable Role part) {
    public Track {
      if (timesMs.length != values.length) {
        throw new IllegalArgumentException(
            "%s has %d times for %d values".formatted(metric, timesMs.length, values.length));
      }
    }

    /** A series of which nobody has said more: its signal's usual bad side, and what is used. */
    public Track(String metric, String instance, long[] timesMs, double[] values, double limit) {
      this(metric, instance, timesMs, values, limit, null, null);
    }
  }
}
