package io.prunella.ingest;

// Long because: the suite's cases stand together, each once.
import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.ingest.Bodies.V1;
import io.prunella.ingest.Bodies.V2;
import io.prunella.series.StaleMarker;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rest of prometheus/compliance's remotewrite/receiver and of Prometheus' own write_handler
 * tests that {@link RemoteWriteV2Test} does not have, each with the one answer that is right: the
 * suite itself is content with a 400 wherever it wants success.
 */
class ComplianceTest {
  private static final long NOW = Door.NOW;
  private static final long NAN = 0x7ff8000000000001L;
  private static final long[] VALUES = {
    Double.doubleToRawLongBits(1),
    StaleMarker.BITS,
    NAN,
    Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
    Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY)
  };

  private final Door door = new Door(IngestConfig.DEFAULTS);
  private final V2 body = new V2();

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static Map<String, String> labels(String... namesAndValues) {
    return Bodies.labels(namesAndValues);
  }

  /** A series of the body at hand. */
  private Message series(String... namesAndValues) {
    return new Message().packed(1, body.refs(labels(namesAndValues)));
  }

  private static Message sample(long bits, long timeMs) {
    return new Message().real(1, bits).number(2, timeMs);
  }

  private Message exemplar(double value, long timeMs, String... namesAndValues) {
    return new Message()
        .packed(1, body.refs(labels(namesAndValues)))
        .real(2, value)
        .number(3, timeMs);
  }

  private void assertWritten(int status, int samples, int histograms, int exemplars)
      throws Exception {
    assertWritten(door.sendV2(body), status, samples, histograms, exemplars);
  }

  private static void assertWritten(
      HttpResponse<String> answer, int status, int samples, int histograms, int exemplars) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(List.of(written(answer, "Samples"), written(answer, "Histograms")))
        .as("samples and histograms: %s", answer.body())
        .containsExactly(samples, histograms);
    assertThat(written(answer, "Exemplars")).as("exemplars").isEqualTo(exemplars);
    assertThat(answer.body().isEmpty()).isEqualTo(status == 204);
  }

  private static int written(HttpResponse<String> answer, String what) {
    String header = "X-Prometheus-Remote-Write-" + what + "-Written";
    return Integer.parseInt(answer.headers().firstValue(header).orElseThrow());
  }

  // --- headers

  @ParameterizedTest
  @ValueSource(strings = {"version", "encoding", "both"})
  void write_v2WithoutAHeader_is204(String missing) throws Exception {
    body.series(labels("__name__", "up"), NOW, 1);
    HttpResponse<String> answer =
        switch (missing) {
          case "version" ->
              door.send(body.toBytes(), "Content-Type", Door.TYPE_V2, "Content-Encoding", "snappy");
          case "encoding" ->
              door.send(
                  body.toBytes(),
                  "Content-Type",
                  Door.TYPE_V2,
                  "X-Prometheus-Remote-Write-Version",
                  "2.0.0");
          default -> door.send(body.toBytes(), "Content-Type", Door.TYPE_V2);
        };
    assertWritten(answer, 204, 1, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "identity"})
  void write_v2InAnotherEncoding_is415BeforeTheBody(String encoding) throws Exception {
    byte[] corrupt = {'0', 1, 2};
    HttpResponse<String> answer =
        door.send(corrupt, "Content-Type", Door.TYPE_V2, "Content-Encoding", encoding);
    assertThat(answer.statusCode()).isEqualTo(415);
  }

  // --- samples

  static Stream<Arguments> everyValueAndForm() {
    List<Map<String, String>> forms =
        List.of(
            labels("__name__", "only_a_name"),
            labels("method", "GET", "__name__", "three", "status", "200", "path", "/"),
            labels("__name__", "lines", "text", "one\ntwo\r\n"),
            labels("__name__", "dots.in.name", "and.label", "x"),
            labels("__name__", "blanks in name", "a label", "a value"),
            labels("__name__", "emoji", "mood", "🙂 größe 世界"));
    return forms.stream()
        .flatMap(form -> Arrays.stream(VALUES).mapToObj(bits -> Arguments.of(form, bits)));
  }

  @ParameterizedTest
  @MethodSource("everyValueAndForm")
  void write_singleMetric_is204(Map<String, String> form, long bits) throws Exception {
    body.series(new Message().packed(1, body.refs(form)).message(2, sample(bits, NOW)));
    assertWritten(204, 1, 0, 0);
    assertThat(door.watch.figures().registered()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no name", "empty name", "no labels", "empty label set"})
  void write_singleMetricWithoutName_is400(String how) throws Exception {
    Message series =
        switch (how) {
          case "no name" -> series("job", "x");
          case "empty name" -> series("__name__", "", "job", "x");
          case "no labels" -> new Message();
          default -> new Message().packed(1);
        };
    body.series(series.message(2, sample(VALUES[0], NOW)));
    assertWritten(400, 0, 0, 0);
    assertThat(door.watch.figures().registered()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void write_fourMetrics_areAllOrInPartWritten(int value) throws Exception {
    long bits = VALUES[value];
    for (int i = 0; i < 4; i++) {
      body.series(series("__name__", "m" + i).message(2, sample(bits, NOW)));
    }
    assertWritten(204, 4, 0, 0);
    var nameless = new V2();
    for (int i = 0; i < 4; i++) {
      long[] refs = nameless.refs(labels("job", "x" + i));
      nameless.series(new Message().packed(1, refs).message(2, sample(bits, NOW)));
    }
    assertWritten(door.sendV2(nameless), 400, 0, 0, 0);
    var part = new V2();
    for (int i = 0; i < 4; i++) {
      long[] refs = part.refs(labels(i == 2 ? "x" : "__name__", "m" + i));
      part.series(new Message().packed(1, refs).message(2, sample(bits, NOW + 1)));
    }
    assertWritten(door.sendV2(part), 400, 3, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {3_600_000, 60_000, 0, -599_000})
  void write_sampleOfAnyTimeThatMayBe_is204(int agoMs) throws Exception {
    body.series(series("__name__", "m").message(2, sample(VALUES[0], NOW - agoMs)));
    assertWritten(204, 1, 0, 0);
  }

  @Test
  void write_sampleTooFarAhead_is400AndTheRestWritten() throws Exception {
    body.series(labels("__name__", "m"), NOW, 1, NOW + 601_000, 2);
    assertWritten(400, 1, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void write_labelTwice_is400AndTheRestWritten(String version) throws Exception {
    if (version.equals("v1")) {
      var twice =
          new Message()
              .message(1, Bodies.label("__name__", "m"))
              .message(1, Bodies.label("a", "1"))
              .message(1, Bodies.label("a", "1"))
              .message(2, Bodies.sample(NOW, 1));
      HttpResponse<String> answer =
          door.sendV1(new V1().series(twice).series(labels("__name__", "n"), NOW, 1));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().map().keySet()).noneMatch(name -> name.contains("written"));
    } else {
      long[] refs = body.refs(labels("__name__", "m", "a", "1"));
      body.series(
          new Message()
              .packed(1, refs[0], refs[1], refs[2], refs[3], refs[2], refs[3])
              .message(2, sample(VALUES[0], NOW)));
      body.series(labels("__name__", "n"), NOW, 1);
      assertWritten(400, 1, 0, 0);
    }
    assertThat(door.kept()).containsOnlyKeys("n{}");
  }

  // --- created timestamp (field 6 up to 2.0-rc.3) and start timestamps (rc.4)

  @ParameterizedTest
  @ValueSource(strings = {"alone", "metadata", "exemplar", "histogram"})
  void write_createdTimestamp_isSkipped(String with) throws Exception {
    var series = series("__name__", "requests_total", "job", "x").number(6, NOW - 3_600_000);
    switch (with) {
      case "metadata" ->
          series.message(5, new Message().number(1, 1).number(3, body.symbol("Requests.")));
      case "exemplar" -> series.message(4, exemplar(1, NOW, "trace_id", "abc"));
      default -> {}
    }
    if (with.equals("histogram")) series.message(3, histogram().number(17, NOW - 5));
    else series.message(2, sample(VALUES[0], NOW).number(3, NOW - 3_600_000));
    body.series(series);
    boolean isHistogram = with.equals("histogram");
    assertWritten(204, isHistogram ? 0 : 1, isHistogram ? 1 : 0, with.equals("exemplar") ? 1 : 0);
  }

  // --- exemplars

  @ParameterizedTest
  @CsvSource({
    "trace, 1",
    "trace and span, 1",
    "other, 1",
    "none, 1",
    "special, 1",
    "unicode, 1",
    "several, 3"
  })
  void write_exemplar_is204AndCounted(String kind, int count) throws Exception {
    String[] labels =
        switch (kind) {
          case "trace" -> new String[] {"trace_id", "0123456789abcdef"};
          case "trace and span" -> new String[] {"trace_id", "abc", "span_id", "def"};
          case "other" -> new String[] {"user", "u1", "region", "eu"};
          case "special" -> new String[] {"path", "/a?b=\"c\"&d='e'\n\t\\"};
          case "unicode" -> new String[] {"größe", "世界 🙂"};
          default -> new String[0];
        };
    var series = series("__name__", "m").message(2, sample(VALUES[0], NOW));
    for (int i = 0; i < count; i++) series.message(4, exemplar(1 + i, NOW + i, labels));
    body.series(series);
    assertWritten(204, 1, 0, count);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -12.5, 1e10, 1e-10, Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0})
  void write_exemplarOfAnyValue_is204(double value) throws Exception {
    body.series(
        series("__name__", "m")
            .message(2, sample(VALUES[0], NOW))
            .message(4, exemplar(value, NOW, "trace_id", "x")));
    assertWritten(204, 1, 0, 1);
  }

  @Test
  void write_exemplarsOfSeveralSeriesAndTimes_areNoReasonToRefuseSamples() throws Exception {
    for (int i = 0; i < 3; i++) {
      body.series(
          series("__name__", "m" + i)
              .message(2, sample(VALUES[0], NOW))
              .message(4, exemplar(i, NOW, "trace_id", "t" + i)));
    }
    assertWritten(204, 3, 0, 3);
    var times = new V2();
    long[] refs = times.refs(labels("__name__", "one"));
    for (long ago : new long[] {3_600_000, 60_000, 0}) {
      times.series(
          new Message()
              .packed(1, refs)
              .message(2, sample(VALUES[0], NOW - ago))
              .message(4, new Message().real(2, 1.0).number(3, NOW - ago)));
    }
    assertWritten(door.sendV2(times), 204, 3, 0, 3);
    // Again: the exemplars are out of order now, and the samples are a retry.
    assertWritten(door.sendV2(times), 204, 3, 0, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exemplar", "metadata"})
  void write_seriesWithoutOrWithEmptyName_is400WhateverElseIsRight(String with) throws Exception {
    for (String name : new String[] {null, "", "right"}) {
      var request = new V2();
      var labels = name == null ? labels("job", "x") : labels("__name__", name, "job", "x");
      var series = new Message().packed(1, request.refs(labels));
      series.message(2, sample(VALUES[0], NOW));
      if (with.equals("exemplar")) {
        series.message(4, new Message().real(2, 1.0).number(3, NOW));
      } else {
        series.message(5, new Message().number(1, 1).number(3, request.symbol("Help.")));
      }
      request.series(series);
      boolean isRight = "right".equals(name);
      int exemplars = isRight && with.equals("exemplar") ? 1 : 0;
      assertWritten(door.sendV2(request), isRight ? 204 : 400, isRight ? 1 : 0, 0, exemplars);
    }
    assertThat(door.kept()).containsOnlyKeys("right{job=\"x\"}");
  }

  // --- histograms

  /** Four observations above zero, one around it, three below. */
  private static Message histogram() {
    return new Message()
        .number(1, 8)
        .real(3, 12.5)
        .real(5, 1e-9)
        .number(6, 1)
        .message(8, new Message().number(1, 2).number(2, 1))
        .packed(9, 6)
        .message(11, new Message().number(2, 2))
        .packed(12, 4, 0)
        .number(15, NOW);
  }

  private static Message custom(int second) {
    byte[] bounds = new Message().real(1, 0.5).real(1, 2.5).toBytes();
    byte[] packed = new byte[16];
    System.arraycopy(bounds, 1, packed, 0, 8);
    System.arraycopy(bounds, 10, packed, 8, 8);
    return new Message()
        .number(1, 2 + second)
        .real(3, 4.0)
        .number(4, 105) // -53
        .message(11, new Message().number(2, 2))
        .packed(12, 4, 2L * (second - 2) ^ (second - 2) >> 31)
        .bytes(16, packed)
        .number(15, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "all three, 204",
    "custom, 204",
    "positive only, 204",
    "negative only, 204",
    "zero only, 204",
    "nothing, 204",
    "sum is NaN, 204",
    "schema 20, 204",
    "schema 60, 400",
    "schema -5, 400",
    "count 99, 400",
    "custom with zero bucket, 400",
    "custom with negative bucket, 400",
    "custom not increasing, 400",
    "span goes back, 400",
  })
  void write_histogram_isCheckedAsPrometheusDoes(String kind, int status) throws Exception {
    Message histogram =
        switch (kind) {
          case "custom" -> custom(3);
          case "positive only" ->
              new Message().number(1, 4).message(11, new Message().number(2, 2)).packed(12, 4, 0);
          case "negative only" ->
              new Message().number(1, 4).message(8, new Message().number(2, 2)).packed(9, 4, 0);
          case "zero only" -> new Message().number(1, 3).number(6, 3);
          case "nothing" -> new Message().number(1, 0);
          case "sum is NaN" -> histogram().real(3, NAN).number(1, 10); // the last one counts
          case "schema 20" -> histogram().number(4, 40);
          case "schema 60" -> histogram().number(4, 120);
          case "schema -5" -> histogram().number(4, 9);
          case "count 99" -> histogram().number(1, 99);
          case "custom with zero bucket" -> custom(3).number(6, 1).number(1, 6);
          case "custom with negative bucket" ->
              custom(3).message(8, new Message().number(2, 1)).packed(9, 2).number(1, 6);
          case "custom not increasing" -> custom(3).bytes(16, new byte[16]);
          case "span goes back" ->
              new Message()
                  .number(1, 4)
                  .message(11, new Message().number(2, 1))
                  .message(11, new Message().number(1, 3).number(2, 1))
                  .packed(12, 4, 0);
          default -> histogram();
        };
    body.series(series("__name__", "h").message(3, histogram.number(15, NOW)));
    body.series(labels("__name__", "m"), NOW, 1);
    assertWritten(status, 1, status == 204 ? 1 : 0, 0);
  }

  @Test
  void write_histogramsWithMetadataAndExemplars_areAllCounted() throws Exception {
    for (int i = 0; i < 50; i++) {
      body.series(
          series("__name__", "h" + i % 5, "path", "/" + i)
              .message(3, i % 2 == 0 ? histogram() : custom(i))
              .message(5, new Message().number(1, 3).number(3, body.symbol("Line\n\"two\" 🙂")))
              .message(4, exemplar(1, NOW, "trace_id", "t" + i)));
      body.series(
          series("__name__", "c" + i % 5 + "_total", "path", "/" + i)
              .message(2, sample(Double.doubleToRawLongBits(i), NOW))
              .message(5, new Message().number(1, 1).number(3, 0).number(4, 0)));
    }
    assertWritten(204, 50, 50, 50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"out of order", "other value"})
  void write_oneHistogramThatCannotBe_is400AndTheRestIsWritten(String how) throws Exception {
    body.series(series("__name__", "h").message(3, histogram()));
    assertWritten(204, 0, 1, 0);
    var more = new V2();
    long timeMs = how.equals("other value") ? NOW : NOW - 1;
    var bad = new Message().number(1, 5).number(6, 5).real(3, 1.0).number(15, timeMs);
    more.series(new Message().packed(1, more.refs(labels("__name__", "h"))).message(3, bad));
    more.series(labels("__name__", "m"), NOW, 1);
    HttpResponse<String> answer = door.sendV2(more);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(written(answer, "Histograms")).as("none of the refused").isZero();
    assertThat(door.kept()).containsKey("m{}");
    assertWritten(door.sendV2(body), 204, 0, 1, 0);
  }

  // --- metadata

  @ParameterizedTest
  @CsvSource({"help and unit", "no help", "no unit", "neither", "lines and quotes"})
  void write_metadataOfAnyKind_is204(String kind) throws Exception {
    var metadata = new Message().number(1, 2);
    if (!kind.equals("no help") && !kind.equals("neither")) {
      metadata.number(3, body.symbol(kind.equals("lines and quotes") ? "a\n\"b\"\\" : "Help."));
    }
    if (!kind.equals("no unit") && !kind.equals("neither")) {
      metadata.number(4, body.symbol("bytes"));
    }
    body.series(
        series("__name__", "m", "a", "1", "b", "2", "c", "x y")
            .message(2, sample(VALUES[0], NOW))
            .message(5, metadata));
    assertWritten(204, 1, 0, 0);
    assertThat(door.metadata.typeOf("m")).isNotNull();
  }

  /** The specification wants at least one sample; Prometheus refuses both, and so do we. */
  @ParameterizedTest
  @ValueSource(strings = {"metadata", "exemplar"})
  void write_noSampleButSomethingElse_is400(String what) throws Exception {
    var series = series("__name__", "m");
    if (what.equals("metadata")) series.message(5, new Message().number(1, 1));
    else series.message(4, exemplar(1, NOW, "trace_id", "x"));
    body.series(series);
    assertWritten(400, 0, 0, 0);
  }

  // --- our own faults

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void write_faultOfOurs_is500AndTheRetryCompletesIt(String version) throws Exception {
    var isBroken = new boolean[] {true};
    var request = new V1().series(labels("__name__", "m"), NOW, 1);
    body.series(labels("__name__", "m"), NOW, 1);
    try (var faulty =
        new Door(IngestConfig.DEFAULTS, 1, sink -> broken(sink, isBroken), _ -> true)) {
      for (int status : new int[] {500, 204}) {
        if (version.equals("v1")) {
          assertThat(faulty.sendV1(request).statusCode()).isEqualTo(status);
        } else {
          assertWritten(faulty.sendV2(body), status, status == 204 ? 1 : 0, 0, 0);
        }
        isBroken[0] = false;
      }
      assertThat(faulty.kept()).containsOnlyKeys("m{}");
    }
  }

  private static io.prunella.series.BlockSink broken(
      io.prunella.series.BlockSink sink, boolean[] isBroken) {
    return new io.prunella.series.BlockSink() {
      @Override
      public int shards() {
        return sink.shards();
      }

      @Override
      public boolean offer(int shard, io.prunella.series.Block block) {
        if (!isBroken[0]) return sink.offer(shard, block);
        block.receipt().failed(new IllegalStateException("a disk that is none"));
        return true;
      }
    };
  }
}
