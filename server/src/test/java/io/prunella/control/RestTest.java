package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Control leaves the machine to others, and is quick where that costs little. */
class RestTest {
  private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

  private final Rest rest = new Rest();
  private Instant now = NINE;

  /** A turn, and the rest after it, which is taken. */
  private Duration turn(long ms) {
    Instant begun = now;
    now = now.plusMillis(ms);
    Duration taken = rest.after(begun, now);
    now = now.plus(taken);
    return taken;
  }

  @Test
  void aFewShortTurns_followEachOtherAtOnce() {
    for (int i = 0; i < 6; i++) assertThat(turn(10)).as("turn %d", i).isZero();
    assertThat(turn(10)).as("more than may be owed").isPositive();
    now = now.plusSeconds(1);
    assertThat(turn(10)).as("it was quiet meanwhile").isZero();
  }

  @ParameterizedTest(name = "turns of {0} ms")
  @CsvSource({"1", "20", "100", "240"})
  void turnAfterTurn_takesAFifthOfTheTime(long ms) {
    Duration busy = Duration.ZERO;
    for (int i = 0; i < 2_000; i++) {
      turn(ms);
      busy = busy.plusMillis(ms);
    }
    double share = (double) busy.toMillis() / Duration.between(NINE, now).toMillis();
    assertThat(share).isBetween(0.19, 0.21);
  }

  @Test
  void longTurns_restIsBounded() {
    for (int i = 0; i < 10; i++) assertThat(turn(60_000)).isEqualTo(Rest.REST_MAX);
  }

  @Test
  void clockJumpsBack_restIsBounded() {
    turn(5_000);
    now = NINE.minusSeconds(86_400);
    assertThat(turn(5_000)).isLessThanOrEqualTo(Rest.REST_MAX);
    assertThat(rest.after(NINE, NINE.minusSeconds(5))).isLessThanOrEqualTo(Rest.REST_MAX);
  }
}
