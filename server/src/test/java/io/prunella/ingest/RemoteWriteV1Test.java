package io.prunella.ingest;

// Long because: the cases of the compliance suite stand together, as they do there.
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.ingest.Bodies.V1;
import io.prunella.series.StaleMarker;
import io.prunella.signal.Meaning;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteWriteV1Test {
  private static final long NOW = Door.NOW;

  private Door door = new Door(IngestConfig.DEFAULTS);

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private void use(Door other) throws Exception {
    door.close();
    door = other;
  }

  private static Map<String, String> up(String instance) {
    return Bodies.labels("__name__", "queue_depth", "instance", instance, "job", "shop");
  }

  private static IngestConfig limits(int requestBytes, int decodedBytes, int samples, int labels) {
    return new IngestConfig(
        requestBytes,
        decodedBytes,
        requestBytes + decodedBytes,
        samples,
        labels,
        100,
        1000,
        600_000,
        1000,
        2,
        100_000,
        1000);
  }

  @Test
  void write_samples_areKeptAndAnswered204WithoutCounts() throws Exception {
    HttpResponse<String> answer =
        door.sendV1(new V1().series(up("a"), NOW - 15_000, 1, NOW, 2).series(up("b"), NOW, 3));
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("written"));
    assertThat(door.kept())
        .containsEntry(
            "queue_depth{instance=\"a\",job=\"shop\"}", List.of(-15_000.0, 1.0, 0.0, 2.0))
        .containsEntry("queue_depth{instance=\"b\",job=\"shop\"}", List.of(0.0, 3.0));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 204",
        "application/x-protobuf, -, 204",
        "application/x-protobuf, SNAPPY, 204",
        "APPLICATION/X-Protobuf ; charset=utf-8, snappy, 204",
        "application/x-protobuf;proto=prometheus.WriteRequest, snappy, 204",
        "application/x-protobuf; Proto=\"prometheus.WriteRequest\", snappy, 204",
        "application/json, snappy, 415",
        "image/png, snappy, 415",
        "application/x-protobuf;proto=io.prometheus.write.v3.Request, snappy, 415",
        "application/x-protobuf, gzip, 415",
        "application/x-protobuf, deflate, 415",
      })
  void write_headers_decideBeforeTheBody(String type, String encoding, int status)
      throws Exception {
    byte[] body = new V1().series(up("a"), NOW, 1).toBytes();
    if (status == 415) body[0] = '0';
    var headers = new ArrayList<String>();
    if (type != null) headers.addAll(List.of("Content-Type", type));
    if (encoding != null) headers.addAll(List.of("Content-Encoding", encoding));
    HttpResponse<String> answer = door.send(body, headers.toArray(String[]::new));
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 415) assertThat(answer.body()).contains("wanted");
  }

  @Test
  void write_get_isNotAllowed() throws Exception {
    var request = HttpRequest.newBuilder(door.request(new byte[0]).uri()).GET().build();
    assertThat(door.client().send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"first byte 0", "first byte 255", "cut", "no snappy", "empty", "junk"})
  void write_corruptBody_is400AndNothingIsKept(String how) throws Exception {
    byte[] body = new V1().series(up("a"), NOW, 1).series(up("b"), NOW, 1).toBytes();
    switch (how) {
      case "first byte 0" -> body[0] = '0';
      case "first byte 255" -> body[0] = (byte) 0xff;
      case "cut" -> body = java.util.Arrays.copyOf(body, body.length - 3);
      case "no snappy" -> body = new V1().series(up("a"), NOW, 1).message().toBytes();
      case "empty" -> body = new byte[0];
      default -> body = Bodies.snappy(new byte[] {(byte) 0x0a, 0x7f, 1, 2, 3});
    }
    HttpResponse<String> answer = door.send(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isNotBlank();
    assertThat(door.kept()).isEmpty();
  }

  @Test
  void write_unsortedLabels_areTheSameSeries() throws Exception {
    door.sendV1(new V1().series(up("a"), NOW - 1000, 1));
    var reversed = Bodies.labels("job", "shop", "instance", "a", "__name__", "queue_depth");
    assertThat(door.sendV1(new V1().series(reversed, NOW, 2)).statusCode()).isEqualTo(204);
    assertThat(door.kept()).hasSize(1);
  }

  @Test
  void write_emptyLabelValue_isAsIfItWereNotThere() throws Exception {
    var more = Bodies.labels("__name__", "queue_depth", "instance", "a", "job", "shop", "zone", "");
    door.sendV1(new V1().series(up("a"), NOW - 1000, 1));
    assertThat(door.sendV1(new V1().series(more, NOW, 2)).statusCode()).isEqualTo(204);
    assertThat(door.kept()).hasSize(1);
  }

  @Test
  void write_labelsAfterAndBetweenSamples_areBroughtTogether() throws Exception {
    var series =
        new Message()
            .message(2, Bodies.sample(NOW - 1000, 1))
            .message(1, Bodies.label("__name__", "queue_depth"))
            .number(77, 12)
            .message(1, Bodies.label("instance", "a"))
            .message(2, Bodies.sample(NOW, 2))
            .fixed32(78, 9)
            .message(1, Bodies.label("job", "shop"));
    var body = new V1().series(series).series(up("b"), NOW, 1);
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.kept())
        .hasSize(2)
        .containsEntry("queue_depth{instance=\"a\",job=\"shop\"}", List.of(-1000.0, 1.0, 0.0, 2.0));
  }

  @Test
  void write_unknownFieldsAndOddOrder_areSkipped() throws Exception {
    var sample = new Message().number(2, NOW).number(9, 5).text(10, "new").real(1, 4.5);
    var label = new Message().text(2, "shop").number(7, 1).text(1, "job");
    var series =
        new Message()
            .message(1, Bodies.label("__name__", "queue_depth"))
            .message(1, label)
            .message(3, new Message().real(2, 1.0).number(3, NOW))
            .message(2, sample);
    var body = new V1();
    body.message().number(2, 1);
    body.series(series);
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.kept()).containsEntry("queue_depth{job=\"shop\"}", List.of(0.0, 4.5));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "no_name, 'job=shop'",
        "empty_label_name, '__name__=x,=1'",
        "label_twice, '__name__=x,job=a,job=b'",
        "label_too_long, '__name__=x,job=LONG'",
        "too_many_labels, '__name__=x,a=1,b=1,c=1,d=1,e=1,f=1'",
      })
  void write_badSeriesAmongGood_is400WithTheRestKept(String reason, String text) throws Exception {
    use(new Door(limits(1 << 20, 1 << 20, 1000, 6)));
    var bad = new Message();
    for (String label : text.split(",")) {
      String[] parts = label.split("=", -1);
      bad.message(1, Bodies.label(parts[0], parts[1].replace("LONG", "x".repeat(1001))));
    }
    bad.message(2, Bodies.sample(NOW, 1));
    var body = new V1().series(up("a"), NOW, 1).series(bad).series(up("b"), NOW, 1);
    for (int attempt = 0; attempt < 2; attempt++) {
      HttpResponse<String> answer = door.sendV1(body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).startsWith("1 of 3 samples were refused").contains("1 " + reason);
    }
    assertThat(door.kept()).hasSize(2);
  }

  @Test
  void write_labelNotUtf8_is400() throws Exception {
    var bad =
        new Message()
            .message(1, Bodies.label("__name__", "x"))
            .message(1, new Message().text(1, "job").bytes(2, new byte[] {(byte) 0xc3, 0x28}))
            .message(2, Bodies.sample(NOW, 1));
    assertThat(door.sendV1(new V1().series(bad)).body()).contains("not_utf8");
  }

  @Test
  void write_dataErrors_are400WithCountsAndTheRestKept() throws Exception {
    door.sendV1(new V1().series(up("a"), NOW - 30_000, 1, NOW - 15_000, 2));
    HttpResponse<String> answer =
        door.sendV1(
            new V1()
                .series(up("a"), NOW - 15_000, 9)
                .series(up("a"), NOW - 20_000, 9)
                .series(up("a"), NOW + 700_000, 9)
                .series(up("a"), -5, 9)
                .series(up("a"), NOW, 3));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("4 of 5", "1 other_value", "1 out_of_order", "1 too_far_ahead", "1 bad_time");
    assertThat(door.kept().values().iterator().next())
        .containsExactly(-30_000.0, 1.0, -15_000.0, 2.0, 0.0, 3.0);
  }

  @Test
  void write_specialValues_areWrittenAndPoisonNothing() throws Exception {
    var body = new V1();
    double[] values = {1, Double.NaN, Double.POSITIVE_INFINITY, -1e308, Double.MIN_VALUE, 2};
    for (int i = 0; i < values.length; i++) body.series(up("a"), NOW - 1000 * (10 - i), values[i]);
    var stale =
        new Message()
            .message(1, Bodies.label("__name__", "queue_depth"))
            .message(1, Bodies.label("instance", "a"))
            .message(1, Bodies.label("job", "shop"))
            .message(2, new Message().real(1, StaleMarker.BITS).number(2, NOW));
    body.series(stale);
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.sendV1(body).statusCode()).as("the same again").isEqualTo(204);
    List<Double> kept = door.kept().values().iterator().next();
    assertThat(kept).startsWith(-10_000.0, 1.0).endsWith(-5000.0, 2.0);
    assertThat(kept).allMatch(Double::isFinite);
  }

  @Test
  void write_metadata_areRemembered() throws Exception {
    var body = new V1().metadata(1, "jobs_done").metadata(2, "depth").metadata(3, "wait_seconds");
    assertThat(door.sendV1(body).statusCode()).isEqualTo(204);
    assertThat(door.metadata.typeOf("jobs_done")).isEqualTo(Meaning.Type.COUNTER);
    assertThat(door.metadata.typeOf("depth")).isEqualTo(Meaning.Type.GAUGE);
    assertThat(door.metadata.typeOf("wait_seconds")).isNull();
  }

  /**
   * A stream in random pieces, some sent twice and some in parallel by series, leaves the same
   * state.
   */
  @Test
  void write_splitRetriedAndMixed_givesTheSameState() throws Exception {
    var whole = new V1();
    for (int i = 0; i < 60; i++) {
      for (int k = 0; k < 20; k++) whole.series(up("host-" + k), NOW - 15_000 * (60 - i), i * k);
    }
    door.sendV1(whole);
    Map<String, List<Double>> wanted = door.kept();
    for (long seed = 0; seed < 5; seed++) {
      use(new Door(IngestConfig.DEFAULTS, 1 + (int) seed, watch -> watch, _ -> true));
      var random = new Random(seed);
      int[] next = new int[20];
      V1 last = new V1();
      for (int left = 1200; left > 0; ) {
        var part = new V1();
        for (int n = random.nextInt(200); n > 0 && left > 0; n--) {
          int k = random.nextInt(20);
          if (next[k] == 60) continue;
          int i = next[k]++;
          var labels = random.nextBoolean() ? up("host-" + k) : reversed("host-" + k);
          part.series(labels, NOW - 15_000 * (60 - i), i * k);
          left--;
        }
        assertThat(door.sendV1(part).statusCode()).as("seed %d", seed).isEqualTo(204);
        if (random.nextInt(3) == 0) {
          assertThat(door.sendV1(random.nextBoolean() ? part : last).statusCode()).isEqualTo(204);
        }
        last = part;
      }
      assertThat(door.kept()).as("seed %d", seed).isEqualTo(wanted);
    }
  }

  private static Map<String, String> reversed(String instance) {
    return Bodies.labels("job", "shop", "__name__", "queue_depth", "instance", instance);
  }

  @Test
  void write_nativeHistogram_becomesCountAndSum() throws Exception {
    var histogram =
        new Message()
            .number(1, 12)
            .real(3, 18.4)
            .number(4, 2)
            .real(5, 0.001)
            .number(6, 2)
            .message(11, new Message().number(1, 0).number(2, 2))
            .packed(12, 2 * 6, 2 * (4 - 6) ^ -1)
            .number(15, NOW);
    var series =
        new Message()
            .message(1, Bodies.label("__name__", "rpc_seconds"))
            .message(1, Bodies.label("job", "shop"))
            .message(4, histogram);
    HttpResponse<String> answer = door.sendV1(new V1().series(series));
    assertThat(answer.body()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(door.watch.services().join().get("shop").series()).isEqualTo(2);
    assertThat(door.kept())
        .containsKeys("rpc_seconds_count{job=\"shop\"}", "rpc_seconds_sum{job=\"shop\"}");
  }

  private static Message rpcSeconds(long timeMs, int few, int many) {
    var histogram =
        new Message()
            .number(1, few + many)
            .real(3, 18.4)
            .message(11, new Message().number(1, 2).number(2, 2))
            .packed(12, 2L * few, 2L * (many - few))
            .number(15, timeMs);
    return new Message()
        .message(1, Bodies.label("__name__", "rpc_seconds"))
        .message(1, Bodies.label("job", "shop"))
        .message(4, histogram);
  }

  @Test
  void write_nativeHistogramsGoingOn_haveQuantilesOfTheIncreaseAndARetryIsNoNews()
      throws Exception {
    for (int i = 0; i < 2; i++) {
      var first = new V1().series(rpcSeconds(NOW - 15_000, 10, 10));
      assertThat(door.sendV1(first).statusCode()).isEqualTo(204);
      var second = new V1().series(rpcSeconds(NOW, 10, 30));
      assertThat(door.sendV1(second).statusCode()).isEqualTo(204);
      second.series(up("a"), NOW, 1); // again, and something else with it
      assertThat(door.sendV1(second).statusCode()).isEqualTo(204);
    }
    var kept = door.kept();
    assertThat(kept).hasSize(6);
    // 20 more, all in the bucket from 2 to 4.
    var median = kept.get("rpc_seconds{job=\"shop\",quantile=\"0.5\"}");
    assertThat(median).hasSize(2);
    assertThat(median.get(1))
        .isEqualTo(Math.pow(2, 1.5), org.assertj.core.api.Assertions.within(1e-4));
    assertThat(door.door.figures().histograms()).isEqualTo(6);
  }
}
