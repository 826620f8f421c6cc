package io.prunella.watch;

/**
 * What the watch says of itself; a snapshot. Counts are since the start.
 *
 * @param samples samples taken into rows
 * @param repeated samples that were there already: retries
 * @param series series at the last tick
 * @param cold series that are not scored, at the last tick: still learning, or never to be scored
 * @param registered series begun
 * @param forgotten series forgotten
 * @param anomalous series that were odd at the last tick
 * @param opened anomalies that began
 * @param told words about anomalies handed over or held
 * @param lost words that could not be handed over
 * @param blocksWaiting blocks in the inboxes at this moment
 * @param full blocks that found an inbox full
 * @param refusedSeries samples refused because {@code watch.series-max} is reached, about
 * @param biggestOffender metric whose new series were refused most, or empty
 * @param biggestOffence how many samples of it, about
 * @param resources limits and checks that are followed
 * @param faults pieces of work that a shard broke down over; above 0 it is a bug
 * @param busySeconds time that shards have spent on blocks of samples, summed
 * @param ticks ticks done by all shards
 * @param checkpointAtMs when the last checkpoint was complete, 0 before the first
 * @param tableBytes memory of look-up tables; {@code stateBytes} of detectors, {@code recentBytes}
 *     of recent samples, {@code labelBytes} of labels
 */
public record WatchFigures(
    long samples,
    long repeated,
    long series,
    long cold,
    long registered,
    long forgotten,
    long anomalous,
    long opened,
    long told,
    long lost,
    long blocksWaiting,
    long full,
    long refusedSeries,
    String biggestOffender,
    long biggestOffence,
    long resources,
    long faults,
    double busySeconds,
    long ticks,
    long checkpointAtMs,
    long tableBytes,
    long stateBytes,
    long recentBytes,
    long labelBytes) {}
