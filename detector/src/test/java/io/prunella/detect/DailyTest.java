package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DailyTest {
  private static final long MINUTE = 60_000;
  private static final int DAY = 1440;

  private final Random random = new Random(5);
  private final Watched watched = Watched.gauge("");
  private final long midnight = Math.floorDiv(Fleet.START_MS, DAY * MINUTE) * DAY * MINUTE;
  private int minute = 0;

  /** Days of a job that runs in some minutes of the day; how many anomalies opened on each. */
  private long[] days(int days, double height, IntPredicate runs) {
    var opened = new long[days];
    for (int day = 0; day < days; day++) opened[day] = day(height, runs);
    return opened;
  }

  private long day(double height, IntPredicate runs) {
    int opened = 0;
    for (int i = 0; i < DAY; i++) {
      double value = 100 + random.nextGaussian() + (runs.test(i) ? height : 0);
      if ((watched.at(midnight + minute++ * MINUTE, value) & Stage1.OPENED) != 0) opened++;
    }
    return opened;
  }

  private static boolean atSix(int minute) {
    return minute >= 362 && minute < 382;
  }

  @ParameterizedTest
  @ValueSource(doubles = {15, 60, -40})
  void observe_jobAtSixEveryDay_isNewsTwiceAndThenExpected(double height) {
    assertThat(days(8, height, DailyTest::atSix)).containsExactly(1, 1, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void observe_jobThatRestsOnWeekends_isStillExpectedOnMonday() {
    assertThat(days(5, 30, DailyTest::atSix)).containsExactly(1, 1, 0, 0, 0);
    assertThat(days(2, 0, DailyTest::atSix)).containsExactly(0, 0);
    assertThat(days(5, 30, DailyTest::atSix)).containsExactly(0, 0, 0, 0, 0);
  }

  @Test
  void observe_jobThatIsGoneForLong_isNewsAgain() {
    days(5, 30, DailyTest::atSix);
    days(8, 0, DailyTest::atSix);
    assertThat(day(30, DailyTest::atSix)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "120, 362, 382, farther away than ever",
    "-60, 362, 382, on the other side",
    "30, 700, 720, at another hour",
    "30, 362, 440, longer than the hour it is used to"
  })
  void observe_otherThanEveryDay_isSeen(double height, int from, int to, String why) {
    days(6, 30, DailyTest::atSix);
    assertThat(day(height, i -> i >= from && i < to)).as(why).isPositive();
  }

  @Test
  void observe_dropToZeroDuringTheJob_isSeenAtOnce() {
    days(6, 30, DailyTest::atSix);
    for (int i = 0; i < 370; i++) {
      double value = 100 + random.nextGaussian() + (atSix(i) ? 30 : 0);
      watched.at(midnight + minute++ * MINUTE, value);
    }
    assertThat(watched.at(midnight + minute * MINUTE, 0) & Stage1.OPENED).isNotZero();
  }

  @Test
  void observe_levelAfterManyJobs_isTheLevelBetweenThem() {
    days(10, 60, DailyTest::atSix);
    var band = new double[3];
    watched.stage.band(watched.row, 0, band);
    assertThat(band[0]).isBetween(99.0, 101.0);
    assertThat(watched.isOpen()).isFalse();
  }

  @Test
  void mark_anyTimesAndDistances_keepAWholeNumberBelow2To53() {
    var page = new double[Row.DOUBLES];
    long time = 0;
    for (int i = 0; i < 20_000; i++) {
      long next = time + Math.abs(random.nextLong() >> 20) % (3 * DAY * MINUTE);
      if (page[Row.DAILY] != 0) Daily.pass(page, 0, time, next);
      time = next;
      double z = random.nextGaussian() * Math.pow(10, random.nextInt(100) - 5);
      if (random.nextBoolean()) Daily.mark(page, 0, time, random.nextInt(9) == 0 ? z : Math.abs(z));
      Daily.isUsual(page, 0, time, z);
      assertThat(page[Row.DAILY])
          .isBetween(0.0, (double) (1L << 53))
          .isEqualTo(Math.rint(page[Row.DAILY]));
    }
  }
}
