package io.prunella.ingest;

import io.prunella.detect.DetectConfig;
import io.prunella.series.Fingerprint;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * Ingest and watch alone behind a port, to be measured with a load generator: {@code java …
 * DataPlane PORT [SERIES_MAX] [SHARDS]}. Prints a line of figures every ten seconds.
 */
public final class DataPlane {
  private DataPlane() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    int seriesMax = args.length > 1 ? Integer.parseInt(args[1]) : 1_200_000;
    int shards = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    var vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    var clock = InstantSource.system();
    var print = new Fingerprint(new Random().nextLong());
    var book = new MetadataBook(100_000);
    var words = new LongAdder();
    var watch =
        new Watch(
            WatchConfig.DEFAULTS.withShards(shards).withSeriesMax(seriesMax),
            DetectConfig.DEFAULTS,
            print,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            book::typeOf,
            _ -> words.increment(),
            _ -> {});
    // The generator's clock runs ahead of ours: whatever time it says is fine here.
    var defaults = IngestConfig.DEFAULTS;
    var config =
        new IngestConfig(
            defaults.requestBytesMax(),
            defaults.decodedBytesMax(),
            defaults.inFlightBytesMax(),
            defaults.samplesMax(),
            defaults.labelsMax(),
            defaults.labelNameBytesMax(),
            defaults.labelValueBytesMax(),
            365L * 86_400_000,
            defaults.bodyMsMax(),
            defaults.retryAfterSeconds(),
            defaults.knownMax(),
            defaults.metadataMax());
    var door = new RemoteWrite(vertx, config, print, watch, book, clock, new Random(), _ -> true);
    var router = Router.router(vertx);
    door.mount(router);
    vertx
        .createHttpServer(new HttpServerOptions().setPort(port).setHost("127.0.0.1"))
        .requestHandler(router)
        .listen()
        .await();
    System.out.println("listening on " + port + ", pid " + ProcessHandle.current().pid());
    vertx.setPeriodic(
        10_000,
        _ -> {
          watch.tick(clock.millis());
          System.out.println(watch.figures());
          System.out.println(door.figures().answers());
        });
  }
}
