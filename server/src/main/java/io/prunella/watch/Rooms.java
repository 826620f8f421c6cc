package io.prunella.watch;

import io.prunella.series.Fingerprint;
import io.prunella.series.Offenders;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Meaning;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the shards of one watch share.
 *
 * @param types what senders' metadata say of a metric's type; null when they say nothing
 * @param jury judges what shards find; null when there is no model
 * @param senders how many series each sender has
 * @param means what sums and counts are made into
 * @param series how many series there are in all shards
 */
record Rooms(
    Fingerprint fingerprint,
    Catalogue catalogue,
    Function<String, Meaning.@Nullable Type> types,
    Gather gather,
    Outlet outlet,
    @Nullable Jury jury,
    Edges edges,
    Offenders offenders,
    SenderSeries senders,
    Means means,
    AtomicInteger series) {}
