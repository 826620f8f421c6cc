package io.prunella.watch;

import io.prunella.series.Labels;
import io.prunella.signal.LimitPart;
import io.prunella.signal.Meaning;
import io.prunella.signal.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A series that counts beyond itself: a part of a limit, a check, or evidence of a change. Its
 * samples also go to {@link Gather}, which owns what is mutable here.
 */
final class Special {
  final Labels labels;
  final Meaning meaning;

  /** What its limit or check is joined under; null when it is only evidence of a change. */
  final @Nullable String resource;

  /** 0 for a limit itself, 1 for everything else: what is told first at the same time. */
  final int rank;

  /** What it says of a version; null when it says nothing of one. */
  final @Nullable String version;

  /** The limit or check it is a part of; {@link Gather} sets it when the series joins. */
  Gather.@Nullable Tracked tracked;

  /** Last value that {@link Gather} has seen; NaN before the first. */
  double lastValue = Double.NaN;

  /** The mean it is a part of; its samples then go nowhere else. */
  final @Nullable Mean mean;

  /** True for the sum of a mean, which is not scored itself. */
  final boolean isSum;

  private Special(Labels labels, Meaning meaning, @Nullable String resource, @Nullable Mean mean) {
    this.labels = labels;
    this.meaning = meaning;
    this.resource = resource;
    this.mean = mean;
    isSum = mean != null && labels.metric().endsWith(Means.SUM);
    LimitPart limit = meaning.limit();
    rank = limit != null && limit.role() == LimitPart.Role.LIMIT ? 0 : 1;
    version = meaning.signal() == Signal.CHANGE ? Changes.version(labels) : null;
  }

  private Special(Labels labels, Meaning meaning, @Nullable String resource) {
    this(labels, meaning, resource, null);
  }

  /** A part of a mean. */
  static Special of(Labels labels, Meaning meaning, Mean mean) {
    return new Special(labels, meaning, null, mean);
  }

  /** The series' part, or null when it has none, as almost all. */
  static @Nullable Special of(Labels labels, Meaning meaning) {
    LimitPart limit = meaning.limit();
    if (limit != null) return new Special(labels, meaning, limit.resource());
    if (meaning.type() == Meaning.Type.CHECK)
      return new Special(labels, meaning, "check " + labels);
    if (meaning.signal() == Signal.CHANGE) return new Special(labels, meaning, null);
    return null;
  }
}
