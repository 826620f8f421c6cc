package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts of the console that need no server. */
class PartsTest {
  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-03-04T03:00:00Z"));
  private final InstantSource wall = time::get;

  private void later(Duration span) {
    time.updateAndGet(now -> now.plus(span));
  }

  @Test
  void wilson_knownCase_isAsPublished() {
    double[] likely = TrackRecord.wilson(41, 48);
    assertThat(likely[0]).isEqualTo(0.728, Offset.offset(0.001));
    assertThat(likely[1]).isEqualTo(0.928, Offset.offset(0.001));
    assertThat(TrackRecord.wilson(0, 20)[0]).isZero();
    assertThat(TrackRecord.wilson(20, 20)[1]).isEqualTo(1, Offset.offset(1e-9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log-store: disk 87 % of 1,024 GiB in use, and 2 more | log-store: disk, 87 % of 1,024 GiB"
            + " in use | true",
        "log-store: disk 87 % used | log-store: disk, 87 % used, above 80 % | false",
        "cart answers slowly | cart: latency 2.2 × what is expected | false",
      })
  void isTitle_sameWords_isSaidOnce(String title, String far, boolean same) {
    assertThat(Say.isTitle(title, far)).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({"4, 4, 0", "12, 12, 0", "13, 12, 1", "118, 12, 106"})
  void symptoms_many_onlySomeAreShownAtOnce(int all, int foremost, int further) {
    var incident = SampleWorld.busy().state().incidents().get("INC-1093");
    var one = incident.symptoms().values().iterator().next();
    var symptoms = Collections.nCopies(all, one);
    var page = new IncidentPage(incident, List.of(), List.of(), List.of(), symptoms, List.of());
    assertThat(page.foremost()).hasSize(foremost);
    assertThat(page.furtherSymptoms()).hasSize(further);
  }

  @Test
  void record_enoughCases_tellsRate_fewCases_doNot() {
    var past = SampleWorld.busy().state().remediations().values();
    assertThat(TrackRecord.of(past, 0.86).sentence(3, 3))
        .startsWith("Of 30 past proposals scored 80–90, 25 worked: 83 %");
    assertThat(TrackRecord.of(past, 0.65).sentence(2, 3))
        .isEqualTo("Too few to tell: tried 3 times here, worked twice.");
    assertThat(TrackRecord.of(past, 0.2).sentence(0, 0))
        .contains("never been tried")
        .doesNotContain("%");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "/../../x",
        "https://else.where",
        "//else.where",
        "/\\else.where",
        "/login?next=/",
        "/a\r\nSet-Cookie: x",
        "javascript:alert(1)"
      })
  void ownPath_notOurs_isHome(String path) {
    assertThat(Access.ownPath(path)).isIn("/", "/../../x");
  }

  @Test
  void ownPath_ours_stays() {
    assertThat(Access.ownPath("/incidents?state=open&q=a%20b"))
        .isEqualTo("/incidents?state=open&q=a%20b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "up{}",
        "up{job=\"node\"}",
        "{job=\"a,b}c\"}",
        "m{a=\"q\\\"uo\\\\te\",b=\"line\\nbreak\"}"
      })
  void seriesName_whatLabelsWrite_isReadBack(String text) {
    Labels labels = SeriesName.parse(text).orElseThrow();
    assertThat(labels.toString()).isEqualTo(text);
    assertThat(SeriesName.parse(labels.toString())).contains(labels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "up{",
        "up{job}",
        "up{job=\"a\"",
        "up{job=\"a\"}x",
        "up{job=\"a\",job=\"b\"}",
        "up{job=\"a"
      })
  void seriesName_malformed_isNone(String text) {
    assertThat(SeriesName.parse(text)).isEmpty();
  }

  @Test
  void loginLimit_tenWrong_holdsThatAddressForAMinute() {
    var limit = new LoginLimit(wall);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.mayTry("10.0.0.1")).isTrue();
      limit.wrong("10.0.0.1");
    }
    assertThat(limit.mayTry("10.0.0.1")).isFalse();
    assertThat(limit.mayTry("10.0.0.2")).isTrue();
    later(Duration.ofSeconds(61));
    assertThat(limit.mayTry("10.0.0.1")).isTrue();
  }

  @Test
  void loginLimit_manyAddresses_areHeldTogether() {
    var limit = new LoginLimit(wall);
    for (int i = 0; i < 1_000; i++) limit.wrong("10.0." + i / 250 + "." + i % 250);
    assertThat(limit.mayTry("192.0.2.1")).isFalse();
  }

  @Test
  void sessions_idleOrOldOrTooMany_end() {
    var config =
        new ConsoleConfig(
            false,
            2,
            Duration.ofHours(1),
            Duration.ofHours(3),
            1,
            1,
            Duration.ofSeconds(1),
            1,
            1,
            "http://x");
    var sessions = new Sessions(config, wall, new Random(1));
    var first = sessions.begin("a");
    for (int i = 0; i < 4; i++) {
      later(Duration.ofMinutes(40));
      assertThat(sessions.find(first.id())).as("kept alive by use, %d", i).isNotNull();
    }
    later(Duration.ofMinutes(40));
    assertThat(sessions.find(first.id())).as("too old").isNull();
    var second = sessions.begin("b");
    later(Duration.ofMinutes(61));
    assertThat(sessions.isAlive(second.id())).as("idle").isFalse();
    sessions.begin("c");
    sessions.begin("d");
    assertThat(sessions.size()).isEqualTo(2);
  }

  @Test
  void sessions_words_areHeardOnce() {
    var sessions = new Sessions(ConsoleConfig.DEFAULTS, wall, new Random(1));
    var one = sessions.begin("a");
    sessions.say(one.id(), "done");
    assertThat(sessions.hear(one.id())).isEqualTo("done");
    assertThat(sessions.hear(one.id())).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0.465, seconds, 465 ms",
    "0.038, ratio, 3.80 %",
    "212, 1/s, 212 /s",
    "0.0000368, s/s, 36.8 µs/s",
    "2.5, s/s, 2.50 s/s",
    "300, s/s, 300 s/s",
    "1234567, '', '1,234,567'",
    "1073741824, bytes, 1 GiB",
    "NaN, bytes, –",
    "97, '', 97"
  })
  void numbers_unit_isReadable(double value, String unit, String shown) {
    assertThat(Numbers.show(value, unit)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 5 s ago",
    "-600, 10 min ago",
    "-7200, 2 h ago",
    "600, in 10 min",
    "0, now",
    "-2592000, 30 days ago"
  })
  void times_ago_isReadable(long seconds, String shown) {
    var times = new Times(time.get());
    assertThat(times.ago(time.get().plusSeconds(seconds))).isEqualTo(shown);
  }
}
