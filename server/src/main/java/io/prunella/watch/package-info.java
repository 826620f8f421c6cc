/**
 * The shards that own every series' detector state. Batches of samples come in through bounded
 * inboxes; anomalies, ends of anomalies and recent samples for charts and checks go out. Start with
 * {@code Watch}, then {@code Shard}.
 */
@NullMarked
package io.prunella.watch;

import org.jspecify.annotations.NullMarked;
