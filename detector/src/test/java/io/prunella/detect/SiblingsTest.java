package io.prunella.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SiblingsTest {
  private static final double STEP = 1 / 32.0; // what is said is rounded to

  private static Watched calm(int seed) {
    var random = new Random(seed);
    return Watched.gauge("").feed(300, _ -> 100 + random.nextGaussian());
  }

  private static Siblings of(Watched... all) {
    var siblings = new Siblings();
    for (Watched one : all) siblings.add(one.row, 0);
    return siblings;
  }

  private static double said(Siblings siblings, String name) {
    var into = new double[2 + Siblings.NAMES.size()];
    siblings.read(into, 2);
    assertThat(into).startsWith(0, 0);
    for (double number : into) assertThat(number).isFinite();
    return into[2 + Siblings.NAMES.indexOf(name)];
  }

  @Test
  void read_someOdd_saysWhichShareAndOnWhichSide() {
    var above = calm(1);
    above.see(150);
    var below = calm(2);
    below.see(20);
    var alsoBelow = calm(3);
    alsoBelow.see(20);
    var usual = calm(4);
    usual.see(100);
    var siblings = of(above, below, alsoBelow, usual);
    assertThat(siblings.series()).isEqualTo(4);
    assertThat(said(siblings, "siblings")).isCloseTo(Math.log1p(4), within(STEP));
    assertThat(said(siblings, "siblings-above")).isEqualTo(0.25);
    assertThat(said(siblings, "siblings-below")).isEqualTo(0.5);
    assertThat(said(siblings, "siblings-very")).isEqualTo(0.75);
    assertThat(said(siblings, "siblings-some")).isEqualTo(0.75);
    assertThat(said(siblings, "siblings-open")).isEqualTo(0.75);
    assertThat(said(siblings, "siblings-surprise")).isBetween(4.0, 12.0);
  }

  @Test
  void without_own_isWhatTheOthersAre() {
    var odd = calm(1);
    odd.see(150);
    var usual = calm(2);
    usual.see(100);
    var others = of(odd, usual).without(of(odd));
    assertThat(others.series()).isOne();
    for (String name : Siblings.NAMES) {
      assertThat(said(others, name)).as(name).isEqualTo(said(of(usual), name));
    }
  }

  @Test
  void without_whatWasNeverCounted_isNotBelowNone() {
    var odd = calm(1);
    odd.see(150);
    var none = new Siblings().without(of(odd));
    for (String name : Siblings.NAMES) assertThat(said(none, name)).as(name).isZero();
  }

  @Test
  void add_rowWithoutScore_isNone() {
    assertThat(of(Watched.gauge("").feed(3, i -> i)).series()).isZero();
  }

  @Test
  void with_partsOfAService_isTheSameAsAllAtOnce() {
    Watched[] all = {calm(1), calm(2), calm(3)};
    all[1].see(150);
    var parts = of(all[0]).with(of(all[1], all[2]));
    for (String name : Siblings.NAMES) {
      assertThat(said(parts, name)).as(name).isEqualTo(said(of(all), name));
    }
  }
}
