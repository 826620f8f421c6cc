package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeasonTest {
  private static final long MONDAY_MS = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  private static final long MINUTE_MS = 60_000;
  private static final long HOUR_MS = 60 * MINUTE_MS;
  private static final long DAY_MS = 24 * HOUR_MS;

  /** Traffic of an office: a hump by day, little at night, a third of it on weekends. */
  private static double traffic(long timeMs, Random random) {
    double hour = Math.floorMod(timeMs, DAY_MS) / (double) HOUR_MS;
    long day = Math.floorMod(timeMs - MONDAY_MS, 7 * DAY_MS) / DAY_MS;
    double hump = Math.max(0, Math.sin(Math.PI * (hour - 6) / 14));
    return (200 + 800 * hump * (day >= 5 ? 0.33 : 1)) * (1 + 0.03 * random.nextGaussian());
  }

  /** What a series comes to when nothing happens to it from one time to another. */
  private static void live(Watched watched, long fromMs, long toMs, long stepMs, Random random) {
    for (long t = fromMs; t < toMs; t += stepMs) watched.at(t, traffic(t, random));
  }

  private static long opened(Watched watched, long fromMs) {
    return watched.told.stream().filter(a -> a.fromMs() >= fromMs && a.isOpen()).count();
  }

  /** From noon on it loses a fifth of a tenth every five minutes, until it is at half. */
  private static Watched declines(int day) {
    var random = new Random(3);
    var watched = Watched.gauge("");
    long noon = MONDAY_MS + day * DAY_MS + 12 * HOUR_MS;
    live(watched, MONDAY_MS, noon, 5 * MINUTE_MS, random);
    watched.told.clear();
    for (int i = 0; i < 36; i++) {
      long t = noon + i * 5 * MINUTE_MS;
      watched.at(t, traffic(t, random) * Math.max(0.5, 1 - 0.02 * i));
    }
    return watched;
  }

  @ParameterizedTest
  @CsvSource({"22, Tuesday", "24, Thursday", "31, Thursday"})
  void observe_slowDecline_isSeenBySeason_andSaysWhichTimeItIs(int day, String name) {
    var watched = declines(day);
    assertThat(watched.told).isNotEmpty();
    assertThat(watched.told.getFirst().reason())
        .matches("[0-9.]+ × the usual spread below [0-9.,]+ for " + name + " 1[2-4]:[0-5][05] UTC");
    assertThat(watched.told.getFirst().expected()).isBetween(850.0, 1050.0);
  }

  /** The level alone takes it for one of the slopes that every day has. */
  @Test
  void observe_slowDeclineInTheSecondWeek_isNotSeenYet() {
    assertThat(declines(11).told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 5, 15})
  void observe_weekendsAndNights_areUsual(long minutes) {
    var watched = Watched.gauge("");
    long from = MONDAY_MS + 21 * DAY_MS;
    live(watched, MONDAY_MS, from + 21 * DAY_MS, minutes * MINUTE_MS, new Random(5));
    assertThat(opened(watched, from)).isZero();
  }

  @Test
  void observe_clocksPutForward_isNoAnomaly() {
    var random = new Random(6);
    var watched = Watched.gauge("");
    long from = MONDAY_MS + 27 * DAY_MS + 2 * HOUR_MS; // a Sunday
    live(watched, MONDAY_MS, from, 5 * MINUTE_MS, random);
    for (long t = from; t < from + 7 * DAY_MS; t += 5 * MINUTE_MS) {
      watched.at(t, traffic(t + HOUR_MS, random));
    }
    assertThat(opened(watched, from)).isZero();
  }

  @Test
  void observe_newLevelThatStands_isTakenAsNormal_andTheSeasonGoesWithIt() {
    var random = new Random(7);
    var watched = Watched.gauge("");
    long from = MONDAY_MS + 28 * DAY_MS + 10 * HOUR_MS;
    live(watched, MONDAY_MS, from, 5 * MINUTE_MS, random);
    for (long t = from; t < from + 3 * DAY_MS; t += 5 * MINUTE_MS) {
      watched.at(t, traffic(t, random) + 500);
    }
    assertThat(opened(watched, from)).isPositive();
    assertThat(watched.told).anyMatch(a -> a.reason().contains("taken as the new normal"));
    assertThat(opened(watched, from + 12 * HOUR_MS)).isZero();
  }

  @Test
  void shifted_anHourEarlierOrLater_isAsGoodAsNow() {
    var watched = Watched.gauge("");
    long now = MONDAY_MS + 35 * DAY_MS + 8 * HOUR_MS; // it rises
    live(watched, MONDAY_MS, now, 5 * MINUTE_MS, new Random(11));
    double age = 35.0 * DAY_MS;
    double hour = 120; // about what it rises within one
    assertThat(Season.shifted(watched.row, Row.SEASON, now, hour / 2, age)).isZero();
    assertThat(Season.shifted(watched.row, Row.SEASON, now, -hour / 2, age)).isZero();
    assertThat(Season.shifted(watched.row, Row.SEASON, now, 500, age)).isBetween(300.0, 450.0);
    assertThat(Season.shifted(watched.row, Row.SEASON, now, -500, age)).isBetween(-450.0, -300.0);
    assertThat(Season.shifted(watched.row, Row.SEASON, now, 500, DAY_MS)).isEqualTo(500);
  }

  @Test
  void isProven_noSeason_never() {
    var random = new Random(8);
    var watched = Watched.gauge("");
    double level = 100;
    for (long t = MONDAY_MS; t < MONDAY_MS + 28 * DAY_MS; t += 5 * MINUTE_MS) {
      level += random.nextGaussian();
      watched.at(t, level + random.nextGaussian());
    }
    assertThat(Season.isProven(watched.row, Row.SEASON, 28.0 * DAY_MS)).isFalse();
  }

  @Test
  void learn_nastyValues_stateStaysFinite() {
    double[] nasty = {Double.NaN, 1 / 0.0, -1 / 0.0, 1e308, -1e308, 4.9e-324, 0, -0.0, 1e-300};
    var random = new Random(9);
    var watched = Watched.gauge("");
    for (int i = 0; i < 30 * 288; i++) {
      long t = MONDAY_MS + i * 5 * MINUTE_MS;
      watched.at(t, i % 50 == 0 ? nasty[i / 50 % nasty.length] : traffic(t, random));
    }
    for (int k = Row.SEASON; k < Row.DOUBLES; k++) assertThat(watched.row[k]).isFinite();
    assertThat(Season.expected(watched.row, Row.SEASON, watched.row[Row.SEEN])).isFinite();
  }

  @Test
  void begin_knowsNothing() {
    var row = new double[Season.DOUBLES];
    Season.begin(row, 0);
    assertThat(Season.expected(row, 0, MONDAY_MS)).isNaN();
    assertThat(Season.isProven(row, 0, 1e15)).isFalse();
  }

  @Test
  void expected_afterWeeks_isThatTimesTraffic() {
    var watched = Watched.gauge("");
    live(watched, MONDAY_MS, MONDAY_MS + 35 * DAY_MS, 5 * MINUTE_MS, new Random(10));
    for (int hour = 0; hour < 24; hour++) {
      long t = MONDAY_MS + 35 * DAY_MS + hour * HOUR_MS;
      double usual =
          traffic(
              t,
              new Random(0) {
                @Override
                public double nextGaussian() {
                  return 0;
                }
              });
      assertThat(Season.expected(watched.row, Row.SEASON, t))
          .as("%d h", hour)
          .isBetween(usual - 130, usual + 130);
    }
  }
}
