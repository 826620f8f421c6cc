package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SightTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");
  private final Sight sight = new Sight();
  private long samples;
  private Instant now = BEGIN;

  private void minutes(int count, long each) {
    for (int i = 0; i < count; i++) {
      samples += each;
      now = now.plusSeconds(60);
      sight.tick(now, samples);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "as before, 1000, false",
    "a service less, 800, false",
    "half, 500, false",
    "less than half, 490, true",
    "nothing, 0, true"
  })
  void blind(String reason, long each, boolean blind) {
    minutes(12, 1000);
    minutes(3, each);
    if (blind) assertThat(sight.blind()).contains("usually 3000");
    else assertThat(sight.blind()).isNull();
    minutes(3, 1000);
    assertThat(sight.blind()).isNull();
  }

  @Test
  void blind_justStarted_cannotMissAnything() {
    minutes(3, 1000);
    minutes(3, 0);
    assertThat(sight.blind()).isNull();
  }

  @Test
  void blind_timeHasJumped_beginsAnew() {
    minutes(12, 1000);
    now = now.plusSeconds(3600);
    minutes(2, 0);
    assertThat(sight.blind()).isNull();
  }
}
