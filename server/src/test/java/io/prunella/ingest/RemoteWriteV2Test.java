package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.ingest.Bodies.V1;
import io.prunella.ingest.Bodies.V2;
import io.prunella.series.StaleMarker;
import io.prunella.signal.Meaning;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of prometheus/compliance (remotewrite/receiver) and of Prometheus' own handler, read
 * strictly.
 */
class RemoteWriteV2Test {
  private static final long NOW = Door.NOW;

  private final Door door = new Door(IngestConfig.DEFAULTS);

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static Map<String, String> series(String instance) {
    return Bodies.labels("instance", instance, "__name__", "queue_depth", "job", "shop");
  }

  private void assertWritten(
      HttpResponse<String> answer, int status, int samples, int histograms, int exemplars) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(written(answer, "Samples")).isEqualTo(samples);
    assertThat(written(answer, "Histograms")).isEqualTo(histograms);
    assertThat(written(answer, "Exemplars")).isEqualTo(exemplars);
  }

  private static int written(HttpResponse<String> answer, String what) {
    return Integer.parseInt(
        answer
            .headers()
            .firstValue("X-Prometheus-Remote-Write-" + what + "-Written")
            .orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0x3ff0000000000000L,
        StaleMarker.BITS,
        0x7ff8000000000001L,
        0x7ff0000000000000L,
        0xfff0000000000000L
      })
  void write_oneSampleOfAnyValue_is204AndOneWritten(long bits) throws Exception {
    var body = new V2();
    body.series(
        new Message()
            .packed(1, body.refs(Bodies.labels("__name__", "a.b c", "line", "x\ny", "größe", "🙂")))
            .message(2, new Message().real(1, bits).number(2, NOW).number(3, NOW - 5)));
    assertWritten(door.sendV2(body), 204, 1, 0, 0);
  }

  @Test
  void write_sameSeriesAsV1_isOneSeries() throws Exception {
    door.sendV1(new V1().series(series("a"), NOW - 1000, 1));
    assertWritten(door.sendV2(new V2().series(series("a"), NOW, 2)), 204, 1, 0, 0);
    assertThat(door.kept())
        .containsExactly(
            Map.entry("queue_depth{instance=\"a\",job=\"shop\"}", List.of(-1000.0, 1.0, 0.0, 2.0)));
  }

  @Test
  void write_oneOfFourWithoutName_is400WithThreeWritten() throws Exception {
    var body =
        new V2()
            .series(series("a"), NOW, 1)
            .series(series("b"), NOW, 1)
            .series(Bodies.labels("job", "x"), NOW, 1)
            .series(series("c"), NOW, 1);
    assertWritten(door.sendV2(body), 400, 3, 0, 0);
    assertThat(door.kept()).hasSize(3);
  }

  @Test
  void write_noLabels_is400() throws Exception {
    assertWritten(door.sendV2(new V2().series(Map.of(), NOW, 1)), 400, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({"odd", "out of bounds", "huge", "help out of bounds", "unit out of bounds"})
  void write_badReference_is400ForThatSeriesOnly(String how) throws Exception {
    var body = new V2().series(series("a"), NOW, 1);
    long[] refs = body.refs(series("b"));
    var bad = new Message();
    switch (how) {
      case "odd" -> bad.packed(1, refs[0], refs[1], refs[2]);
      case "out of bounds" -> bad.packed(1, refs[0], 999);
      case "huge" -> bad.packed(1, refs[0], 0xffffffffL);
      case "help out of bounds" ->
          bad.packed(1, refs).message(5, new Message().number(1, 1).number(3, 999));
      default -> bad.packed(1, refs).message(5, new Message().number(1, 1).number(4, 999));
    }
    bad.message(2, Bodies.sample(NOW, 1));
    body.series(bad).series(series("c"), NOW, 1);
    HttpResponse<String> answer = door.sendV2(body);
    assertWritten(answer, 400, 2, 0, 0);
    assertThat(answer.body()).contains("bad_reference");
  }

  @Test
  void write_refsUnpackedAndSymbolsLast_areTakenAllTheSame() throws Exception {
    var series = new Message();
    for (int ref : new int[] {1, 2, 3, 4}) series.number(1, ref);
    series.number(6, NOW - 9).message(2, Bodies.sample(NOW, 7));
    var request = new Message().message(5, series).number(20, 3);
    for (String symbol : List.of("", "__name__", "queue_depth", "job", "shop")) {
      request.text(4, symbol);
    }
    assertWritten(door.sendV2(Bodies.snappy(request.toBytes())), 204, 1, 0, 0);
    assertThat(door.kept()).containsKey("queue_depth{job=\"shop\"}");
  }

  @Test
  void write_firstSymbolNotEmpty_is400() throws Exception {
    var request = new Message().text(4, "x").text(4, "y");
    assertWritten(door.sendV2(Bodies.snappy(request.toBytes())), 400, 0, 0, 0);
  }

  @Test
  void write_exemplars_areCountedAsWritten() throws Exception {
    var body = new V2();
    var exemplar =
        new Message()
            .packed(1, body.symbol("trace_id"), body.symbol("abc"))
            .real(2, Double.POSITIVE_INFINITY)
            .number(3, NOW);
    body.series(
        new Message()
            .packed(1, body.refs(series("a")))
            .message(2, Bodies.sample(NOW, 1))
            .message(4, exemplar)
            .message(4, exemplar));
    assertWritten(door.sendV2(body), 204, 1, 0, 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void write_seriesWithoutSamples_is400(boolean hasExemplar) throws Exception {
    var body = new V2().series(series("b"), NOW, 1);
    var empty = new Message().packed(1, body.refs(series("a")));
    if (hasExemplar) empty.message(4, new Message().real(2, 1.0).number(3, NOW));
    body.series(empty);
    HttpResponse<String> answer = door.sendV2(body);
    assertWritten(answer, 400, 1, 0, 0);
    assertThat(answer.body()).contains("no_samples");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 99})
  void write_metadataOfAnyType_is204(int type) throws Exception {
    var body = new V2();
    body.series(
        new Message()
            .message(5, new Message().number(1, type).number(3, body.symbol("help\n\"q\"")))
            .packed(1, body.refs(series("a")))
            .message(2, Bodies.sample(NOW, 1)));
    assertWritten(door.sendV2(body), 204, 1, 0, 0);
    assertThat(door.metadata.typeOf("queue_depth"))
        .isEqualTo(
            switch (type) {
              case 1 -> Meaning.Type.COUNTER;
              case 2, 4, 7 -> Meaning.Type.GAUGE;
              case 6 -> Meaning.Type.INFO;
              default -> null;
            });
  }

  private static Message histogram(String kind) {
    var histogram = new Message().real(3, 18.4).number(15, NOW).real(5, 1e-9);
    return switch (kind) {
      case "positive" ->
          histogram
              .number(1, 5)
              .message(11, new Message().number(1, 0).number(2, 2))
              .packed(12, 4, 2);
      case "both" ->
          histogram
              .number(1, 9)
              .number(6, 1)
              .message(11, new Message().number(2, 2))
              .packed(12, 4, 2)
              .message(8, new Message().number(1, 4).number(2, 1))
              .packed(9, 6);
      case "zero only" -> histogram.number(1, 3).number(6, 3);
      case "empty" -> histogram.number(1, 0);
      case "float" ->
          histogram
              .real(2, 2.5)
              .message(11, new Message().number(2, 1))
              .bytes(13, java.util.Arrays.copyOfRange(new Message().real(1, 2.5).toBytes(), 1, 9));
      case "custom" ->
          histogram
              .number(1, 5)
              .number(4, 105)
              .message(11, new Message().number(2, 2))
              .packed(12, 4, 2)
              .bytes(16, java.util.Arrays.copyOfRange(new Message().real(1, 2.5).toBytes(), 1, 9));
      case "wrong sum" ->
          histogram.number(1, 99).message(11, new Message().number(2, 2)).packed(12, 4, 2);
      case "wrong spans" ->
          histogram.number(1, 5).message(11, new Message().number(2, 7)).packed(12, 4, 2);
      case "negative bucket" ->
          histogram.number(1, 1).message(11, new Message().number(2, 2)).packed(12, 4, 3);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "positive, 204",
    "both, 204",
    "zero only, 204",
    "empty, 204",
    "float, 204",
    "custom, 204",
    "wrong sum, 400",
    "wrong spans, 400",
    "negative bucket, 400",
  })
  void write_histogram_isCheckedAndBecomesCountAndSum(String kind, int status) throws Exception {
    var body = new V2();
    body.series(
        new Message()
            .packed(1, body.refs(series("a")))
            .message(3, histogram(kind))
            .message(4, new Message().real(2, 1.0).number(3, NOW)));
    body.series(series("b"), NOW, 1);
    HttpResponse<String> answer = door.sendV2(body);
    assertWritten(answer, status, 1, status == 204 ? 1 : 0, 1);
    assertThat(door.watch.services().join().get("shop").series()).isEqualTo(status == 204 ? 3 : 1);
  }

  @Test
  void write_partOutOfOrder_is400WithTheRestWritten() throws Exception {
    door.sendV2(new V2().series(series("a"), NOW - 5000, 1, NOW - 1000, 1));
    var body = new V2().series(series("a"), NOW - 3000, 1, NOW, 2).series(series("b"), NOW, 1);
    assertWritten(door.sendV2(body), 400, 2, 0, 0);
    assertWritten(door.sendV2(new V2().series(series("a"), NOW, 3)), 400, 0, 0, 0);
    assertWritten(door.sendV2(new V2().series(series("a"), NOW, 2)), 204, 1, 0, 0);
  }

  @Test
  void write_manySamplesAndHistograms_areAllCounted() throws Exception {
    var body = new V2();
    for (int i = 0; i < 50; i++) {
      body.series(series("host-" + i), NOW, i);
      body.series(
          new Message()
              .packed(1, body.refs(Bodies.labels("__name__", "rpc_seconds", "pod", "p" + i)))
              .message(3, histogram("both")));
    }
    assertWritten(door.sendV2(body), 204, 50, 50, 0);
  }

  @Test
  void write_corruptBody_is400WithZeroesWritten() throws Exception {
    byte[] body = new V2().series(series("a"), NOW, 1).toBytes();
    body[0] = '0';
    assertWritten(door.sendV2(body), 400, 0, 0, 0);
  }
}
