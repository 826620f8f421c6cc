package io.prunella.ingest;

import io.prunella.detect.DetectConfig;
import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.signal.Catalogue;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.Watch;
import io.prunella.watch.WatchConfig;
import io.prunella.watch.Windows;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A real server on a free port with the remote-write door and a watch behind it. */
final class Door implements AutoCloseable {
  static final long NOW = 1_700_000_000_000L;
  static final String TYPE_V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

  final Fingerprint fingerprint = new Fingerprint(11);
  final MetadataBook metadata = new MetadataBook(1000);
  final Watch watch;
  final RemoteWrite door;
  final int port;
  volatile long nowMs = NOW;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  Door(IngestConfig config) {
    this(config, 2, watch -> watch, _ -> true);
  }

  Door(IngestConfig config, WatchConfig watch) {
    this(config, watch.withShards(2), of -> of, _ -> true);
  }

  Door(
      IngestConfig config,
      int shards,
      Function<Watch, BlockSink> sink,
      Predicate<HttpServerRequest> mayWrite) {
    this(config, WatchConfig.DEFAULTS.withShards(shards), sink, mayWrite);
  }

  private Door(
      IngestConfig config,
      WatchConfig watchConfig,
      Function<Watch, BlockSink> sink,
      Predicate<HttpServerRequest> mayWrite) {
    watch =
        new Watch(
            watchConfig.withDelivery(WatchConfig.Delivery.SETTLED),
            DetectConfig.DEFAULTS,
            fingerprint,
            Catalogue.shipped(ServiceRules.DEFAULTS),
            metadata::typeOf,
            _ -> {},
            _ -> {});
    door =
        new RemoteWrite(
            vertx,
            config,
            fingerprint,
            sink.apply(watch),
            metadata,
            () -> Instant.ofEpochMilli(nowMs),
            new Random(1),
            mayWrite);
    var router = Router.router(vertx);
    door.mount(router);
    server =
        vertx
            .createHttpServer()
            .connectionHandler(door::opened)
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await();
    port = server.actualPort();
  }

  HttpResponse<String> send(byte[] body, String... headers) throws Exception {
    return client.send(request(body, headers), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest request(byte[] body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + RemoteWrite.PATH))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
    return request.build();
  }

  HttpClient client() {
    return client;
  }

  HttpResponse<String> sendV1(Bodies.V1 body) throws Exception {
    return send(
        body.toBytes(),
        "Content-Type",
        "application/x-protobuf",
        "Content-Encoding",
        "snappy",
        "X-Prometheus-Remote-Write-Version",
        "0.1.0");
  }

  HttpResponse<String> sendV2(Bodies.V2 body) throws Exception {
    return sendV2(body.toBytes());
  }

  HttpResponse<String> sendV2(byte[] body) throws Exception {
    return send(
        body,
        "Content-Type",
        TYPE_V2,
        "Content-Encoding",
        "snappy",
        "X-Prometheus-Remote-Write-Version",
        "2.0.0");
  }

  /** All that is kept, by the series' labels as text: times and values in turn. */
  Map<String, List<Double>> kept() {
    var all = new TreeMap<String, List<Double>>();
    var any = new Windows.Selector(null, null, Map.of(), null);
    for (Windows.Window window : watch.read(any, 0, Long.MAX_VALUE, 100_000).join()) {
      var samples = new java.util.ArrayList<Double>();
      for (int i = 0; i < window.timesMs().length; i++) {
        samples.add((double) (window.timesMs()[i] - NOW));
        samples.add(window.values()[i]);
      }
      all.put(window.labels().toString(), samples);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    server.close().await();
    watch.close();
    vertx.close().await();
  }
}
