package io.prunella.watch;

import io.prunella.detect.Anomaly;
import io.prunella.detect.DetectConfig;
import io.prunella.detect.Judge;
import io.prunella.detect.Siblings;
import io.prunella.detect.Stage1;
import io.prunella.diagnose.Topology;
import io.prunella.series.Block;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.Offenders;
import io.prunella.signal.Catalogue;
import io.prunella.signal.Change;
import io.prunella.signal.Meaning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// Long because: the watch has one face, and what it answers is put together here.
/**
 * The shards that own every series, seen from outside. Any thread may call any method.
 *
 * <p>Time comes from outside twice: a sample brings its own, and {@link #tick} says what time it is
 * for silence, limits and forgetting.
 */
public final class Watch implements Windows, BlockSink, AutoCloseable {
  /** Who calls whom, as labels of known metrics say. */
  public record Edge(String caller, String callee) {}

  private final WatchConfig config;
  private final Stage1 stage1;
  private final Rooms rooms;
  private final @Nullable Jury jury;
  final List<Shard> shards = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger readsWaiting = new AtomicInteger();
  private final AtomicLong newestMs = new AtomicLong(); // time of the newest sample of all offered
  private final AtomicLong ticks = new AtomicLong();
  private final AtomicLong checkpointAtMs = new AtomicLong();
  // Replaying a band is arithmetic only and must not hold up a shard.
  private final Executor replayer = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService poller =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("watch-gather").daemon().factory());
  private volatile @Nullable Round latest;
  private volatile @Nullable Round glance;
  // What the jury has asked for since the latest round.
  private volatile CompletableFuture<Void> siblings = CompletableFuture.completedFuture(null);
  // What the latest round's means have come to.
  private volatile CompletableFuture<Void> means = CompletableFuture.completedFuture(null);

  /**
   * Starts the shards.
   *
   * @param fingerprint the same that whoever makes blocks uses
   * @param types what senders' metadata say of a metric's type; null when they say nothing
   * @param anomalies is told every word about an anomaly, one at a time, by the watch's threads or
   *     by {@link #settle}; must not wait
   * @param changes the same for changes
   */
  public Watch(
      WatchConfig config,
      DetectConfig detect,
      Fingerprint fingerprint,
      Catalogue catalogue,
      Function<String, Meaning.@Nullable Type> types,
      Consumer<Anomaly> anomalies,
      Consumer<Change> changes) {
    this(config, detect, null, fingerprint, catalogue, types, anomalies, changes);
  }

  /**
   * Starts the shards, and stage 2 when there is a model.
   *
   * @param judge asked about anomalies with {@link io.prunella.detect.Candidate#OF_ANOMALY}; null:
   *     stage 1's word stands
   */
  public Watch(
      WatchConfig config,
      DetectConfig detect,
      @Nullable Judge judge,
      Fingerprint fingerprint,
      Catalogue catalogue,
      Function<String, Meaning.@Nullable Type> types,
      Consumer<Anomaly> anomalies,
      Consumer<Change> changes) {
    this.config = config;
    this.stage1 = new Stage1(detect);
    var outlet = new Outlet(config.delivery(), anomalies, changes);
    boolean live = config.delivery() == WatchConfig.Delivery.LIVE;
    jury = judge == null ? null : new Jury(judge, outlet::anomaly, this::samples, live);
    rooms =
        new Rooms(
            fingerprint,
            catalogue,
            types,
            new Gather(detect, outlet),
            outlet,
            jury,
            new Edges(config.edgesMax()),
            new Offenders(),
            new SenderSeries(config.senderSeriesMax()),
            new Means(config.meansMax(), fingerprint, catalogue),
            new AtomicInteger());
    for (int i = 0; i < config.shards(); i++) {
      var shard = new Shard(i, config, stage1, (long) (1000 * detect.silenceSeconds()), rooms);
      shards.add(shard);
      threads.add(Thread.ofPlatform().name("watch-" + i).daemon().start(shard));
    }
  }

  @Override
  public int shards() {
    return shards.size();
  }

  @Override
  public boolean offer(int shard, Block block) {
    long newest = 0;
    long[] times = block.timesMs();
    for (int i = 0; i < block.count(); i++) newest = Math.max(newest, times[i]);
    if (newest > newestMs.get()) newestMs.accumulateAndGet(newest, Math::max);
    return shards.get(shard).offer(block);
  }

  @Override
  public int seriesOf(int sender) {
    return rooms.senders().of(sender);
  }

  /**
   * Says what time it is; returns at once. Scores silence, follows limits, forgets what is gone. A
   * tick that comes while the one before is not done is left out.
   *
   * @param nowMs milliseconds since the epoch, by the clock that samples go by
   */
  public void tick(long nowMs) {
    Round before = latest;
    if (before == null || before.done.isDone()) round(nowMs);
  }

  /**
   * Looks at limits and checks between two ticks, so that what was seen of them is told at once and
   * not within a second. Any thread; never waits; left out while the one before is not done.
   *
   * @param nowMs as for {@link #tick}
   */
  public void glance(long nowMs) {
    Round before = glance;
    if (before == null || before.done.isDone()) glance = begun(Round.Extent.GLANCE, nowMs);
  }

  /**
   * Waits until all that was offered before has been scored, everything is ticked at {@code nowMs},
   * and what came of it has been handed over. With {@link WatchConfig.Delivery#SETTLED} the same
   * samples give the same calls in the same order.
   *
   * @throws IllegalStateException when the watch is closed
   */
  public void settle(long nowMs) {
    try {
      round(nowMs);
      means.join();
      siblings.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw new IllegalStateException("the watch could not settle", e.getCause());
    }
    if (jury != null) jury.settle();
    rooms.outlet().drain();
  }

  /**
   * Says that samples stop here for a while, of all series; waits until it is so. Until a series
   * comes again it is not called silent, and the gap is not learnt.
   */
  public void pause() {
    var pause = new Pause(shards.size());
    for (Shard shard : shards) {
      if (!shard.ask(pause)) pause.fail(new IllegalStateException("the watch is closed"));
    }
    pause.done.join();
  }

  private Round begun(Round.Extent extent, long nowMs) {
    var round = new Round(extent, nowMs, newestMs.get(), shards.size(), rooms.gather(), poller);
    for (Shard shard : shards) {
      if (!shard.ask(round)) round.fail(new IllegalStateException("the watch is closed"));
    }
    return round;
  }

  private Round round(long nowMs) {
    Round round = begun(Round.Extent.TICK, nowMs);
    latest = round;
    boolean inOrder = config.delivery() == WatchConfig.Delivery.SETTLED;
    round.done.thenRun(ticks::incrementAndGet);
    means = round.done.thenCompose(_ -> rooms.means().tell(this, inOrder));
    if (siblings.isDone()) siblings = round.done.thenCompose(_ -> askForSiblings());
    return round;
  }

  /** Tells the jury what the series of those services are like that it waits to hear of. */
  private CompletableFuture<Void> askForSiblings() {
    Set<String> services = jury == null ? Set.of() : jury.services();
    if (jury == null || services.isEmpty()) return CompletableFuture.completedFuture(null);
    return askAll(() -> new ReadSiblings(services), read -> read.answer)
        .handle((found, why) -> {
          var all = new HashMap<String, @Nullable Siblings>();
          for (String service : services) all.put(service, why == null ? new Siblings() : null);
          if (found != null) {
            for (var one : found)
              one.forEach((name, some) -> all.merge(name, some, Siblings::with));
          }
          jury.answer(all);
          return null;
        });
  }

  @Override
  public CompletableFuture<List<Window>> read(
      Selector selector, long fromMs, long toMs, int seriesMax) {
    var replay = new Replay(stage1);
    return askAll(() -> new ReadWindows(selector, seriesMax), read -> read.answer)
        .thenApplyAsync(
            tracks ->
                tracks.stream()
                    .limit(seriesMax)
                    .map(track ->
                        replay.window(track, fromMs, toMs, rooms.gather().limitOf(track.meaning())))
                    .toList(),
            replayer);
  }

  @Override
  public CompletableFuture<List<Alert>> alerts(int alertsMax) {
    return askAll(() -> new ReadAlerts(alertsMax), read -> read.answer);
  }

  @Override
  public CompletableFuture<Map<String, ServiceSummary>> services() {
    return askAll(ReadServices::new, read -> read.answer)
        .thenApply(summaries -> {
          var all = new TreeMap<String, ServiceSummary>();
          summaries.forEach(one -> all.merge(one.service(), one, Watch::sum));
          return all;
        });
  }

  /** Asks every shard; the answers of all of them, in the shards' order. */
  private <T, R extends Slow> CompletableFuture<List<T>> askAll(
      Supplier<R> read, Function<R, CompletableFuture<List<T>>> answer) {
    var asked = new ArrayList<CompletableFuture<List<T>>>();
    for (Shard shard : shards) {
      R one = read.get();
      ask(shard, one);
      asked.add(answer.apply(one));
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(_ -> asked.stream().flatMap(one -> one.join().stream()).toList());
  }

  private static ServiceSummary sum(ServiceSummary a, ServiceSummary b) {
    return new ServiceSummary(
        a.service(),
        a.series() + b.series(),
        a.anomalous() + b.anomalous(),
        Math.max(a.lastSampleMs(), b.lastSampleMs()));
  }

  /** Puts a long piece of work into a shard's inbox; it fails at once when too many wait. */
  private void ask(Shard shard, Slow work) {
    int max = config.readsMax() * shards.size();
    if (readsWaiting.incrementAndGet() > max) {
      readsWaiting.decrementAndGet();
      work.fail(
          new IllegalStateException(
              "%d reads of recent samples wait already; ask again later".formatted(max)));
      return;
    }
    var begun = new Begin(work, readsWaiting);
    if (!shard.ask(begun)) begun.fail(new IllegalStateException("the watch is closed"));
  }

  /** Who calls whom, as far as the labels seen so far say so. */
  public Set<Edge> edges() {
    return rooms.edges().all();
  }

  /** The same as a topology. */
  public Topology topology() {
    return rooms.edges().topology();
  }

  /**
   * Writes what all rows have learnt into a file, whole or not at all; takes its time and lets
   * blocks go first.
   *
   * @param nowMs written into it, for the operator
   * @return bytes written
   */
  public long checkpoint(Path file, long nowMs) throws IOException {
    long bytes = Checkpoint.write(file, nowMs, stage1.rowDoubles(), shards);
    checkpointAtMs.set(nowMs);
    return bytes;
  }

  /**
   * Loads what {@link #checkpoint} wrote, before the first block is offered. A file that is damaged
   * or of another layout is set aside beside itself, and the rows begin cold.
   */
  public Checkpoint.Restored restore(Path file) throws IOException {
    return Checkpoint.read(file, stage1.rowDoubles(), shards, rooms);
  }

  private long samples() {
    return shards.stream().mapToLong(shard -> shard.figures.samples.sum()).sum();
  }

  /** What stage 2 says of itself. */
  public JuryFigures jury() {
    if (jury == null) return JuryFigures.NONE;
    return new JuryFigures(true, jury.judged.sum(), jury.heldBack.sum(), jury.overflowed.sum());
  }

  /** What the watch says of itself. */
  public WatchFigures figures() {
    long samples = 0;
    long repeated = 0;
    long series = 0;
    long registered = 0;
    long forgotten = 0;
    long anomalous = 0;
    long opened = 0;
    long waiting = 0;
    long full = 0;
    long faults = 0;
    long table = 0;
    long state = 0;
    long recent = 0;
    long labels = 0;
    for (Shard shard : shards) {
      ShardFigures of = shard.figures;
      samples += of.samples.sum();
      repeated += of.repeated.sum();
      series += of.series;
      registered += of.registered.sum();
      forgotten += of.forgotten.sum();
      anomalous += of.anomalous;
      opened += of.opened.sum();
      waiting += shard.blocksWaiting();
      full += of.full.sum();
      faults += of.faults.sum();
      table += of.tableBytes;
      state += of.stateBytes;
      recent += of.recentBytes;
      labels += of.labelBytes;
    }
    return new WatchFigures(
        samples,
        repeated,
        series,
        shards.stream().mapToLong(shard -> shard.figures.cold).sum(),
        registered,
        forgotten,
        anomalous,
        opened,
        rooms.outlet().told.sum(),
        rooms.outlet().lost.sum(),
        waiting,
        full,
        rooms.offenders().total(),
        rooms.offenders().biggest(),
        rooms.offenders().biggestCount(),
        rooms.gather().resources(),
        faults,
        shards.stream().mapToDouble(shard -> shard.figures.busyNanos.sum() / 1e9).sum(),
        ticks.get(),
        checkpointAtMs.get(),
        table,
        state,
        recent,
        labels);
  }

  /** Ends the shards after what they are doing; blocks that wait are failed. */
  @Override
  public void close() {
    shards.forEach(Shard::close);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (jury != null) jury.close();
    poller.shutdown();
  }
}
