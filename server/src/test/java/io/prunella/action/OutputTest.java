package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a target says, as it comes. */
class OutputTest {
  private static final List<String> SECRETS = List.of("aba", "abacus", "cab", "", "sus");

  @Test
  void told_short_asItIs() {
    assertThat(Output.told("  two\nlines\t.\u0007\r\n", 100, List.of())).isEqualTo("two\nlines\t.");
  }

  @Test
  void told_long_beginningAndEnd() {
    String text = "begin " + "x".repeat(1_000) + " end";
    assertThat(Output.told(text, 100, List.of()))
        .isEqualTo(
            "begin "
                + "x".repeat(44)
                + "\n… 910 characters left out …\n"
                + "x".repeat(46)
                + " end");
    assertThat(Output.told("x".repeat(100), 100, List.of())).isEqualTo("x".repeat(100));
  }

  @Test
  void told_cutInsideACharacterOfTwoHalves_isCutBesideIt() {
    for (int charsMax = 10; charsMax < 20; charsMax++) {
      String told = Output.told("🌿".repeat(40), charsMax, List.of());
      assertThat(told.replace("🌿", "")).matches("\n… \\d+ characters left out …\n");
    }
  }

  @Test
  void told_controlCharacterInsideASecret_doesNotUnmaskIt() {
    assertThat(Output.told("token=hun\u0000ter2.", 100, List.of("hunter2")))
        .isEqualTo("token=****.");
  }

  @Test
  void soFar_secretInPieces_isNeverSeenInPart() {
    var output = new Output(100, List.of("hunter2"));
    output.add("token=hunt");
    assertThat(output.soFar()).isEqualTo("token=");
    output.add("er");
    assertThat(output.soFar()).isEqualTo("token=");
    output.add("2 ok, hunt");
    assertThat(output.soFar()).isEqualTo("token=**** ok,");
    assertThat(output.whole()).isEqualTo("token=**** ok, hunt");
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  /** However it comes in pieces: on its way it is a beginning of what is told in the end. */
  @ParameterizedTest
  @MethodSource("seeds")
  void add_anyPieces_asInOne(long seed) {
    var chance = new SplittableRandom(seed);
    var text = new StringBuilder();
    for (int i = 0; i < 60; i++) text.append("abcus".charAt(chance.nextInt(5)));
    String whole = Output.told(text.toString(), 1_000, SECRETS);
    assertThat(whole).doesNotContain("aba", "cab", "sus");
    var output = new Output(1_000, SECRETS);
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + chance.nextInt(4));
      output.add(text.substring(at, to));
      at = to;
      assertThat(whole).as("seed %d, after %d", seed, at).startsWith(output.soFar());
    }
    assertThat(output.whole()).as("seed %d", seed).isEqualTo(whole);
  }

  /** Of much that comes no more is kept than of little. */
  @Test
  void add_much_isBounded() {
    var output = new Output(1_000, List.of("hunter2"));
    for (int i = 0; i < 100_000; i++) output.add("line " + i + " hunter2\n");
    assertThat(output.soFar())
        .hasSizeLessThan(1_100)
        .startsWith("line 0 ****\n")
        .endsWith("line 99999 ****")
        .doesNotContain("hunter");
  }
}
