package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Control's time goes on, whatever the clock does. */
class PaceTest {
  private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

  private final Pace pace = new Pace();

  @Test
  void clockGoesOn_timeIsTheClock() {
    assertThat(pace.next(NINE, NINE.plusSeconds(5))).isEqualTo(NINE.plusSeconds(5));
    assertThat(pace.next(NINE.plusSeconds(5), NINE.plusSeconds(6))).isEqualTo(NINE.plusSeconds(6));
  }

  @Test
  void clockJumpsBack_timeGoesOnAtHalfItsPaceUntilTheyMeet() {
    pace.next(NINE, NINE);
    Instant at = pace.next(NINE, NINE.minusSeconds(3_600));
    assertThat(at).isEqualTo(NINE);
    at = pace.next(at, NINE.minusSeconds(3_540));
    assertThat(at).as("a minute has passed").isEqualTo(NINE.plusSeconds(30));
    for (int minute = 58; minute > -120; minute--)
      at = pace.next(at, NINE.minusSeconds(minute * 60L));
    assertThat(at).as("two hours after the jump").isEqualTo(NINE.plusSeconds(119 * 60));
  }

  @Test
  void anyClock_timeNeverGoesBackAndNeverRunsFasterThanTheClock() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      var one = new Pace();
      Instant clock = NINE;
      Instant at = NINE;
      for (int i = 0; i < 500; i++) {
        boolean jump = random.nextInt(20) == 0;
        long step = jump ? random.nextLong(-7_200, 7_200) : random.nextLong(0, 60);
        clock = clock.plusSeconds(step);
        Instant next = one.next(at, clock);
        assertThat(next).as("seed %d, step %d", seed, i).isAfterOrEqualTo(at);
        assertThat(Duration.between(at, next))
            .isLessThanOrEqualTo(
                Duration.ofSeconds(
                    Math.max(0, Math.max(step, Duration.between(at, clock).toSeconds()))));
        at = next;
      }
    }
  }
}
