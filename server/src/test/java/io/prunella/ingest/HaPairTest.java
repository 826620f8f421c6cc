package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.Message;
import io.prunella.ingest.Bodies.V1;
import io.prunella.ingest.Bodies.V2;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two replicas of one Prometheus write the same series. */
class HaPairTest {
  private static final long NOW = Door.NOW;
  private static final String KEPT = "queue_depth{cluster=\"eu\",job=\"shop\"}";

  private final Door door =
      new Door(IngestConfig.DEFAULTS.withHa(new HaConfig("__replica__", "cluster", 30_000, 2)));

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static Map<String, String> depth(String cluster, String replica) {
    return Bodies.labels(
        "__name__", "queue_depth", "__replica__", replica, "cluster", cluster, "job", "shop");
  }

  @Test
  void write_twoReplicas_oneIsTakenAndTheOtherAnswered202() throws Exception {
    // Twice: the second time both ways of writing the series are known.
    for (int i = 0; i < 2; i++) {
      long at = NOW - 30_000 + 15_000 * i;
      assertThat(door.sendV1(new V1().series(depth("eu", "a"), at, i)).statusCode()).isEqualTo(204);
      HttpResponse<String> other = door.sendV1(new V1().series(depth("eu", "b"), at + 7, i + 0.5));
      assertThat(other.statusCode()).isEqualTo(202);
    }
    assertThat(door.kept())
        .containsExactly(Map.entry(KEPT, List.of(-30_000.0, 0.0, -15_000.0, 1.0)));
    assertThat(door.door.figures().samplesLeftOut()).isEqualTo(2);
    assertThat(door.door.elections()).containsExactly(new Election("eu", "a", NOW, 0));
  }

  @Test
  void write_electedFallsSilent_theOtherGoesOnWithTheSameSeries() throws Exception {
    door.sendV1(new V1().series(depth("eu", "a"), NOW, 1));
    door.sendV1(new V1().series(depth("eu", "b"), NOW + 7, 1));
    door.nowMs = NOW + 31_000;
    HttpResponse<String> answer = door.sendV1(new V1().series(depth("eu", "b"), NOW + 30_007, 2));
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(door.kept()).containsExactly(Map.entry(KEPT, List.of(0.0, 1.0, 30_007.0, 2.0)));
    assertThat(door.door.elections()).extracting(Election::changes).containsExactly(1L);

    // The first is back, with labels that are known well: it is the one that is left out now.
    HttpResponse<String> back = door.sendV1(new V1().series(depth("eu", "a"), NOW + 31_000, 3));
    assertThat(back.statusCode()).isEqualTo(202);
    assertThat(door.kept()).containsExactly(Map.entry(KEPT, List.of(0.0, 1.0, 30_007.0, 2.0)));
  }

  @Test
  void write_severalClustersInOneRequest_areJudgedSeriesBySeries() throws Exception {
    door.sendV1(new V1().series(depth("eu", "a"), NOW, 1).series(depth("us", "b"), NOW, 2));
    var mixed =
        new V1()
            .series(depth("eu", "b"), NOW + 1, 9)
            .series(depth("us", "b"), NOW + 1, 3)
            .series(Bodies.labels("__name__", "queue_depth", "job", "own"), NOW + 1, 4);
    assertThat(door.sendV1(mixed).statusCode()).isEqualTo(202);
    assertThat(door.kept())
        .containsEntry(KEPT, List.of(0.0, 1.0))
        .containsEntry("queue_depth{cluster=\"us\",job=\"shop\"}", List.of(0.0, 2.0, 1.0, 3.0))
        .containsEntry("queue_depth{job=\"own\"}", List.of(1.0, 4.0));
  }

  @Test
  void write_moreClustersThanMayBe_is400AndTheRestIsTaken() throws Exception {
    door.sendV1(new V1().series(depth("eu", "a"), NOW, 1).series(depth("us", "a"), NOW, 1));
    HttpResponse<String> answer =
        door.sendV1(
            new V1().series(depth("eu", "a"), NOW + 1, 2).series(depth("asia", "a"), NOW, 1));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("1 too_many_clusters", "ingest.ha.clusters-max", "asia");
    assertThat(door.kept()).containsEntry(KEPT, List.of(0.0, 1.0, 1.0, 2.0)).hasSize(2);
  }

  @Test
  void writeV2_theOtherReplica_isToldThatAllWasWritten() throws Exception {
    assertThat(door.sendV2(v2("a", NOW)).statusCode()).isEqualTo(204);
    HttpResponse<String> answer = door.sendV2(v2("b", NOW + 7));
    assertThat(answer.statusCode()).isEqualTo(202);
    String prefix = "X-Prometheus-Remote-Write-";
    assertThat(answer.headers().firstValue(prefix + "Samples-Written")).contains("1");
    assertThat(answer.headers().firstValue(prefix + "Histograms-Written")).contains("1");
    assertThat(answer.headers().firstValue(prefix + "Exemplars-Written")).contains("1");
    assertThat(door.kept())
        .containsEntry(KEPT, List.of(0.0, 1.0))
        .containsKey("rpc_seconds_count{cluster=\"eu\",job=\"shop\"}")
        .hasSize(3);
    assertThat(door.door.figures().samplesLeftOut()).isEqualTo(2);
  }

  private static V2 v2(String replica, long timeMs) {
    var body = new V2();
    var exemplar = new Message().real(2, 1.0).number(3, timeMs);
    body.series(
        new Message()
            .packed(1, body.refs(depth("eu", replica)))
            .message(2, Bodies.sample(timeMs, 1))
            .message(4, exemplar));
    var labels = Bodies.labels("__name__", "rpc_seconds");
    depth("eu", replica).forEach(labels::putIfAbsent);
    var histogram =
        new Message()
            .number(1, 3)
            .real(3, 1.5)
            .message(11, new Message().number(1, 0).number(2, 1))
            .packed(12, 2 * 3)
            .number(15, timeMs);
    body.series(new Message().packed(1, body.refs(labels)).message(3, histogram));
    return body;
  }

  @Test
  void write_withoutConfiguration_replicasAreSeriesOfTheirOwn() throws Exception {
    try (var plain = new Door(IngestConfig.DEFAULTS)) {
      var both = new V1().series(depth("eu", "a"), NOW, 1).series(depth("eu", "b"), NOW, 2);
      assertThat(plain.sendV1(both).statusCode()).isEqualTo(204);
      assertThat(plain.kept()).hasSize(2);
    }
  }
}
