package io.prunella.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.signal.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CulpritTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the only one, cart, cart:latency+shift",
    "callee that fails, db, front>cart cart>db front:latency+shift@60 cart:errors+shift@30"
        + " db:health-failed_checks",
    "callee with milder symptoms, db, cart>db cart:errors+shift@30!30 cart:latency+shift@30"
        + " db:latency+shift!9",
    "own memory limit beats a mildly slow callee, cart, cart>db cart:memory+headroom"
        + " cart:restarts+spike db:latency+spike@90!5",
    "less traffic to the callee blames nobody, cart, cart>db cart:health-failed_checks"
        + " db:traffic-shift@15 db:cpu-shift@15",
    "more traffic alone blames nobody, front, front>cart front:latency+shift front:traffic+shift"
        + " cart:traffic+shift",
    "earlier onset without a graph, a, a:latency+shift b:latency+shift@300",
    "deployed just before, b, a:errors+shift b:errors+shift deploy:b@-120",
    "shared dependency that nothing is seen of, paypal, shop>paypal desk>paypal shop>db"
        + " desk:errors+shift shop:errors+shift",
    "shared dependency but one is full itself, shop, shop>paypal desk>paypal desk:errors+shift@60"
        + " shop:pool+headroom shop:errors+shift",
    "two cycles end, b, a>b b>a a:latency+shift@60 b:cpu+shift!30 b:latency+shift",
  })
  void rank_situation_firstSuspect(String what, String culprit, String words) {
    var cases = Cases.of(words);
    var suspects = Culprit.rank(cases.symptoms, cases.topology(), cases.changes);
    assertThat(suspects.getFirst().service()).as("%s: %s", what, suspects).isEqualTo(culprit);
    assertThat(suspects.getFirst().why()).isNotBlank();
  }

  @Test
  void rank_nothing_nobody() {
    assertThat(Culprit.rank(List.of(), Topology.EMPTY)).isEmpty();
  }

  @Test
  void rank_anyOrder_sameAnswer() {
    var cases =
        Cases.of(
            "front>cart cart>db cart>paypal desk>paypal front:latency+shift@60 cart:errors+shift@30"
                + " db:latency+shift@10 desk:errors+spike@5 db:cpu+shift db:pool+headroom"
                + " x:other+trend!30");
    var wanted = Culprit.rank(cases.symptoms, cases.topology());
    for (long seed = 0; seed < 50; seed++) {
      var shuffled = new ArrayList<>(cases.symptoms);
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(Culprit.rank(shuffled, cases.topology())).as("seed %d", seed).isEqualTo(wanted);
    }
  }

  @Test
  void rank_manyServices_tenAreTold() {
    var words = new StringBuilder();
    for (int i = 0; i < 50; i++) words.append("s").append(i).append(":latency+shift ");
    assertThat(Culprit.rank(Cases.of(words.toString()).symptoms, Topology.EMPTY)).hasSize(10);
  }

  @Test
  void rank_deployLongBefore_doesNotCount() {
    var cases = Cases.of("a:errors+shift b:errors+shift");
    var old = List.of(new Change("b", "deploy", Cases.ONSET_MS - 3_600_000, ""));
    assertThat(Culprit.rank(cases.symptoms, Topology.EMPTY, old).getFirst().service())
        .isEqualTo("a");
  }

  @Test
  void rank_evidence_saysWhatAndWhoElse() {
    var cases = Cases.of("front>cart front:latency+shift@60 cart:memory+headroom");
    assertThat(Culprit.rank(cases.symptoms, cases.topology()).getFirst().why())
        .isEqualTo(
            "memory 93 % of its limit; 1 service that calls it suffers too; nothing it calls is"
                + " worse");
  }
}
