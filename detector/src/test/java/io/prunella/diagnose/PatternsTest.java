package io.prunella.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.yaml.YamlException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {
  private final Patterns patterns = Patterns.shipped();

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "cache-full, redis by its metric, redis:memory+headroom/redis_memory_used_bytes",
    "cache-full, by its role, grove:memory+headroom/used role:grove=cache",
    "cache-full, callers suffer, shop>grove desk>grove grove:memory+headroom role:grove=cache"
        + " shop:latency+shift@30 desk:latency+shift@30",
    "cache-full, it evicts and traffic is up, redis:memory+headroom/redis_memory_used_bytes"
        + " redis:other+shift/redis_evicted_keys_total redis:traffic+shift",
    "memory-leak, near its end, cart:memory+exhaustion",
    "memory-leak, limit and climbing, cart:memory+headroom cart:memory+trend/heap",
    "memory-leak, killed again and again, cart:memory+exhaustion@-600 cart:memory+trend@-900/rss"
        + " cart:restarts+spike@60",
    "crash-loop, restarts, cart:restarts+shift",
    "crash-loop, three checks failed, cart:health-failed_checks",
    "crash-loop, both and callers suffer, front>cart desk>cart cart:restarts+shift"
        + " cart:health-failed_checks front:errors+shift@30 desk:errors+shift@30",
    "disk-filling, headroom, logs:disk+headroom",
    "disk-filling, soon, logs:disk-exhaustion",
    "disk-filling, and it crashed, logs:disk+headroom logs:restarts+spike@30",
    "load-surge, plain, cart:traffic+shift cart:cpu+shift cart:latency+shift@30",
    "load-surge, pool as well, cart:traffic+shift cart:pool+headroom cart:latency+shift@30"
        + " cart:cpu+shift",
    "load-surge, from the front down, front>cart front:traffic+shift cart:traffic+shift"
        + " cart:cpu+shift cart:latency+shift@30 front:latency+shift@45",
    "bad-deploy, errors, cart:errors+shift deploy:cart@-180",
    "bad-deploy, crash after deploy, cart:restarts+shift cart:health-failed_checks"
        + " deploy:cart@-120",
    "bad-deploy, slower and busier, cart:latency+shift cart:cpu+shift deploy:cart@-240"
        + " cart:errors+spike",
    "bad-deploy, seen a scrape later, cart:errors+shift deploy:cart@30",
    "bad-deploy, callers suffer, front>cart desk>cart cart:errors+shift cart:latency+shift"
        + " deploy:cart@-180 front:errors+shift@30 desk:errors+shift@30",
    "dependency-outage, outside party, shop>paypal desk>paypal shop:errors+shift"
        + " desk:errors+shift@15 shop:latency+shift role:paypal=external",
    "dependency-outage, nobody said it is outside, shop>paypal desk>paypal shop:errors+shift"
        + " desk:errors+shift@15 shop:latency+shift",
    "dependency-outage, database down, shop>db desk>db db:health-failed_checks shop:errors+shift@15"
        + " desk:errors+shift@15",
    "dependency-outage, silent, shop>db desk>db db:traffic-silence/q db:cpu-silence/c"
        + " shop:errors+shift@15 desk:errors+shift@15",
    "pool-exhausted, connections held, cart:pool+headroom cart:latency+shift@30",
    "queue-stuck, consumer stopped, mail:queue+trend mail:traffic-shift",
  })
  void judge_ofPattern_isTheClearMatch(String pattern, String what, String words) {
    var matches = patterns.judge(Cases.of(words).evidence());
    var choice = Matches.choose(matches);
    assertThat(choice).as("%s: %s", what, matches).isInstanceOf(Matches.Choice.Clear.class);
    var match = ((Matches.Choice.Clear) choice).match();
    assertThat(match.pattern()).as("%s: %s", what, matches).isEqualTo(pattern);
    assertThat(match.probability()).isLessThanOrEqualTo(0.95);
    assertThat(match.source()).isEqualTo("declared");
    assertThat(match.digest()).hasSize(64);
    assertThat(match.evidence()).isNotEmpty().last().asString().startsWith(Matches.TO_BE_SURE);
  }

  @ParameterizedTest(name = "not {0}: {1}")
  @CsvSource({
    "cache-full, a service that is no cache, cart:memory+headroom/rss",
    "cache-full, declared a database, redis:memory+headroom/redis_memory_used_bytes"
        + " role:redis=database",
    "memory-leak, a cache, grove:memory+headroom role:grove=cache",
    "memory-leak, traffic explains it, cart:memory+shift cart:traffic+shift cart:cpu+shift"
        + " cart:latency+shift",
    "crash-loop, after a deploy, cart:restarts+shift deploy:cart@-120",
    "crash-loop, a database that takes its callers down, shop>db desk>db db:health-failed_checks"
        + " shop:errors+shift@15 desk:errors+shift@15",
    "load-surge, after a deploy, cart:traffic+shift cart:cpu+shift deploy:cart@-200"
        + " cart:errors+shift",
    "load-surge, less traffic, cart:traffic-shift cart:latency+shift",
    "bad-deploy, a deploy hours ago, cart:errors+shift deploy:cart@-7200",
    "bad-deploy, another service's deploy, cart:errors+shift deploy:front@-120",
    "bad-deploy, a config change, cart:errors+shift config:cart@-120",
    "dependency-outage, one caller, shop>db shop:errors+shift@15 db:errors+shift",
    "dependency-outage, its cache is full, shop>grove desk>grove grove:memory+headroom"
        + " role:grove=cache shop:errors+shift@30 desk:errors+shift@30",
    "dependency-outage, deployed, front>cart desk>cart cart:errors+shift deploy:cart@-180"
        + " front:errors+shift@30 desk:errors+shift@30",
    "pool-exhausted, a surge, cart:pool+headroom cart:traffic+shift cart:latency+shift"
        + " cart:cpu+shift",
  })
  void judge_confusable_isNotTheClearMatch(String pattern, String what, String words) {
    var matches = patterns.judge(Cases.of(words).evidence());
    var choice = Matches.choose(matches);
    boolean clear = choice instanceof Matches.Choice.Clear c && c.match().pattern().equals(pattern);
    assertThat(clear).as("%s: %s", what, matches).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cart:latency+shift",
        "cart:errors+shift cart:latency+shift",
        "cart:cpu+shift cart:network-shift cart:latency+shift",
        "cart:other+shift/clock_skew_seconds cart:errors+shift",
        "front>cart cart:latency+shift cart:network+shift front:latency+shift@30",
      })
  void choose_unknownIncident_isNotClear(String words) {
    var matches = patterns.judge(Cases.of(words).evidence());
    assertThat(Matches.choose(matches))
        .as("%s", matches)
        .isNotInstanceOf(Matches.Choice.Clear.class);
  }

  @Test
  void judge_noSymptoms_nothing() {
    var empty =
        new Evidence(
            List.of(), List.of(), Topology.EMPTY, List.of(), _ -> "", java.time.Instant.EPOCH);
    assertThat(patterns.judge(empty)).isEmpty();
    assertThat(Matches.choose(List.of())).isInstanceOf(Matches.Choice.None.class);
  }

  @Test
  void judge_anyOrder_sameAnswer() {
    var cases =
        Cases.of(
            "front>cart cart>db cart:traffic+shift cart:cpu+shift cart:latency+shift@30"
                + " front:latency+shift@40 db:pool+shift cart:memory+trend deploy:cart@-600"
                + " deploy:front@-60 config:cart@-60");
    var wanted = patterns.judge(cases.evidence());
    assertThat(wanted).isNotEmpty();
    for (long seed = 0; seed < 50; seed++) {
      Collections.shuffle(cases.symptoms, new Random(seed));
      Collections.shuffle(cases.changes, new Random(seed));
      assertThat(patterns.judge(cases.evidence())).as("seed %d", seed).isEqualTo(wanted);
    }
  }

  @Test
  void judge_twoEquallySuspect_isLessSure() {
    double alone = patterns.judge(Cases.of("a:restarts+shift").evidence()).getFirst().probability();
    var match = patterns.judge(Cases.of("a:restarts+shift b:restarts+shift").evidence()).getFirst();
    assertThat(match.probability()).isLessThan(alone);
    assertThat(match.evidence()).contains("against it: b is nearly as suspect as a");
  }

  @Test
  void judge_evidence_isReadable() {
    var match =
        patterns.judge(Cases.of("cart:errors+shift deploy:cart@-240").evidence()).getFirst();
    assertThat(match.evidence())
        .contains(
            "it was deployed shortly before (deploy of cart 4 min before the onset (v1 → v2))",
            "it got worse afterwards (cart errors: 2.0 × the usual spread above 1.0)");
  }

  @Test
  void choose_twoClose_saysHowToTellApart() {
    var a = new Match("a", "A", 0.7, List.of("x", "to be sure: look at a"), "declared", "");
    var b = new Match("b", "B", 0.65, List.of("to be sure: look at b"), "declared", "");
    var c = new Match("c", "C", 0.2, List.of("to be sure: look at c"), "declared", "");
    var choice = (Matches.Choice.Ambiguous) Matches.choose(List.of(b, c, a));
    assertThat(choice.matches()).containsExactly(a, b);
    assertThat(choice.why()).isEqualTo("cannot tell these apart: a 70 %, b 65 %");
    assertThat(choice.tellApart()).containsExactly("A: look at a", "B: look at b");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "0.60, 0.45, Clear",
    "0.60, 0.46, Ambiguous",
    "0.59, 0.10, Ambiguous",
    "0.29, 0.10, None",
    "0.95, 0.81, Ambiguous",
  })
  void choose_probabilities_conclusion(double first, double second, String wanted) {
    var matches = new ArrayList<Match>();
    matches.add(new Match("b", "B", second, List.of(), "declared", ""));
    matches.add(new Match("a", "A", first, List.of(), "declared", ""));
    assertThat(Matches.choose(matches).getClass().getSimpleName()).isEqualTo(wanted);
  }

  @Test
  void names_shipped_areTheKnownOnes() {
    assertThat(patterns.names())
        .containsExactly(
            "cache-full",
            "memory-leak",
            "crash-loop",
            "disk-filling",
            "load-surge",
            "bad-deploy",
            "dependency-outage",
            "pool-exhausted",
            "queue-stuck");
    assertThat(patterns.description("disk-filling")).contains("file system");
  }

  @Test
  void and_operatorsFile_overridesAndAdds() {
    var own =
        Patterns.read(
            "own.yaml",
            """
            patterns:
              - {name: disk-filling, title: Ours, description: d, bias: 2, requires: [{symptom: {signal: [disk]}, say: disk}]}
              - {name: late-batch, title: Late, description: d, bias: 2, cap: 0.7, requires: [{symptom: {metric: batch}, say: late}]}
            """);
    var both = patterns.and(own);
    assertThat(both.names()).hasSize(10).contains("late-batch");
    assertThat(both.judge(Cases.of("x:disk+headroom").evidence()).getFirst().title())
        .isEqualTo("Ours");
    assertThat(both.judge(Cases.of("x:other+shift/batch_age").evidence()).getFirst().probability())
        .isEqualTo(0.7);
  }

  @Test
  void and_model_moreProbableWordCounts() {
    Pattern model =
        _ -> List.of(new Match("disk-filling", "Disk", 0.99, List.of(), "trained", "m"));
    assertThat(
            patterns.and(model).judge(Cases.of("x:disk+headroom").evidence()).getFirst().source())
        .isEqualTo("trained");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a, title: A, description: d, requires: [{symptom: {signall: [cpu]}, say: s}]} |"
            + " f.yaml:2: unknown key \"patterns[0].requires[0].symptom.signall\"",
        "{name: a, title: A, description: d, requires: [{symptom: {signal: [cpuu]}, say: s}]} |"
            + " f.yaml:2: patterns[0].requires[0].symptom.signal: is \"cpuu\", wanted one of"
            + " latency",
        "{name: a, title: A, description: d, requires: [{symptom: {metric: '('}, say: s}]} |"
            + " f.yaml:2: patterns[0].requires[0].symptom.metric: is \"(\", wanted a regular"
            + " expression",
        "{name: a, title: A, description: d, cap: 0.99, requires: [{symptom: {}, say: s}]} |"
            + " f.yaml:2: patterns[0].cap is \"0.99\", wanted a number from 0.05 to 0.95",
        "{name: a, title: A, description: d} | f.yaml:2: patterns[0].requires: is empty, wanted at"
            + " least one clause",
        "{name: a, title: A, description: d, requires: [{say: s}]} | f.yaml:2: a clause has no"
            + " kind, wanted exactly one of",
        "{name: a, title: A, description: d, requires: [{symptom: {}, role: [x], say: s}]} | wanted"
            + " exactly one of",
        "{name: A b, title: A, description: d, requires: [{symptom: {}, say: s}]} | wanted lower"
            + " case words joined by hyphens",
        "{name: a, title: A, description: d, requires: [{symptom: {}}]} | say is missing",
        "{name: a, title: A, description: d, requires: [{symptom: {}, say: s}], supports:"
            + " [{symptom: {}, say: s}]} | weight: is missing",
        "{name: a, title: A, description: d, requires: [{change: {within: soon}, say: s}]} | wanted"
            + " a time span",
      })
  void read_wrong_saysWhereAndWhatIsWanted(String pattern, String message) {
    assertThatThrownBy(() -> Patterns.read("f.yaml", "patterns:\n  - " + pattern))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_emptyOrTwice_isRefused() {
    assertThatThrownBy(() -> Patterns.read("f.yaml", ""))
        .hasMessageContaining("wanted a list of at least one");
    String one = "  - {name: a, title: A, description: d, requires: [{symptom: {}, say: s}]}\n";
    assertThatThrownBy(() -> Patterns.read("f.yaml", "patterns:\n" + one + one))
        .hasMessageContaining("f.yaml:3: ");
  }
}
