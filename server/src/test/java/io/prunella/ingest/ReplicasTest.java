package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final long NOW = Door.NOW;

  private final Replicas replicas = replicas(2);
  private static final long SPREAD = 0x9e3779b97f4a7c15L; // hashes look like chance
  private long hash = SPREAD;

  private static Replicas replicas(int clustersMax) {
    var ha = new HaConfig("__replica__", "cluster", 30_000, clustersMax);
    return new Replicas(IngestConfig.DEFAULTS.withHa(ha));
  }

  private boolean writes(String cluster, String replica, long nowMs) {
    var labels = Labels.of("__name__", "up", "__replica__", replica, "cluster", cluster);
    var writer = replicas.learn(hash += SPREAD, LabelSlices.of(labels), nowMs);
    assertThat(writer).as("room for %s", cluster).isNotNull();
    assertThat(replicas.writer(hash)).isSameAs(writer);
    return replicas.isHeard(Objects.requireNonNull(writer), nowMs);
  }

  private boolean hasRoom(String cluster, long nowMs) {
    var labels = Labels.of("__name__", "up", "__replica__", "a", "cluster", cluster);
    return replicas.learn(hash += SPREAD, LabelSlices.of(labels), nowMs) != null;
  }

  @Test
  void isHeard_theFirst_staysElectedWhileItWrites() {
    assertThat(writes("eu", "a", NOW)).isTrue();
    assertThat(writes("eu", "b", NOW)).isFalse();
    assertThat(writes("us", "b", NOW)).as("clusters elect for themselves").isTrue();
    for (int i = 1; i <= 10; i++) {
      assertThat(writes("eu", "a", NOW + 15_000 * i)).isTrue();
      assertThat(writes("eu", "b", NOW + 15_000 * i)).isFalse();
    }
  }

  @Test
  void isHeard_theElectedSilent_failsOverOnceAndStays() {
    assertThat(writes("eu", "a", NOW)).isTrue();
    assertThat(writes("eu", "b", NOW + 29_999)).isFalse();
    assertThat(writes("eu", "b", NOW + 30_000)).isTrue();
    assertThat(writes("eu", "a", NOW + 30_001)).as("the one that came back").isFalse();
    assertThat(replicas.elections())
        .containsExactly(new Election("eu", "b", NOW + 30_000, /* changes= */ 1));
  }

  @Test
  void learn_moreClustersThanMayBe_areRefusedUntilOneIsForgotten() {
    assertThat(writes("eu", "a", NOW)).isTrue();
    assertThat(writes("us", "a", NOW + 1_800_000)).isTrue();
    assertThat(hasRoom("asia", NOW + 1_900_000)).isFalse();
    assertThat(hasRoom("eu", NOW + 1_900_000)).as("known ones go on").isTrue();
    assertThat(hasRoom("asia", NOW + 3_600_000)).as("eu has been silent for an hour").isTrue();
    assertThat(replicas.elections()).extracting(Election::cluster).containsExactly("us");
  }

  @Test
  void learn_veryManyReplicas_keepTheElectedAndTheLatest() {
    assertThat(writes("eu", "a", NOW)).isTrue();
    long first = hash;
    for (int i = 0; i < 100; i++) assertThat(writes("eu", "pod-" + i, NOW + i)).isFalse();
    assertThat(replicas.writer(first)).as("the elected").isNotNull();
    assertThat(replicas.writer(first + SPREAD)).as("one long gone is looked up anew").isNull();
    assertThat(writes("eu", "a", NOW + 200)).isTrue();
  }

  @Test
  void learn_oneLabelMissing_isNobodysAndAlwaysHeard() {
    for (Labels labels :
        new Labels[] {
          Labels.of("__name__", "up", "cluster", "eu"),
          Labels.of("__name__", "up", "__replica__", "a"),
          Labels.of("__name__", "up")
        }) {
      var writer = replicas.learn(hash += SPREAD, LabelSlices.of(labels), NOW);
      assertThat(writer).isSameAs(Replicas.NOBODY);
      assertThat(replicas.isHeard(Replicas.NOBODY, NOW)).isTrue();
    }
    assertThat(replicas.elections()).isEmpty();
  }

  @Test
  void config_labelsThatCannotBe_areRefused() {
    assertThatThrownBy(() -> new HaConfig("a", "a", 30_000, 1)).hasMessageContaining("is \"a\"");
    assertThatThrownBy(() -> new HaConfig("__name__", "a", 30_000, 1))
        .hasMessageContaining("__name__");
    assertThat(HaConfig.DEFAULTS.isOn()).isFalse();
  }
}
