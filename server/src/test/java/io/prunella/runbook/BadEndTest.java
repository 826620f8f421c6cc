package io.prunella.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadEndTest {
  /** The order in which the ends exclude each other: all that may be seen at once. */
  @ParameterizedTest
  @CsvSource({
    "true, true, FAIL, ABORTED",
    "true, true, INCONCLUSIVE, ABORTED",
    "true, true, PASS, ABORTED",
    "true, true,, ABORTED",
    "true, false, FAIL, ABORTED",
    "true, false, INCONCLUSIVE, ABORTED",
    "true, false, PASS, ABORTED",
    "true, false,, ABORTED",
    "false, true, FAIL, DO_NO_HARM",
    "false, true, INCONCLUSIVE, DO_NO_HARM",
    "false, true, PASS, DO_NO_HARM",
    "false, true,, DO_NO_HARM",
    "false, false, FAIL, VERIFY_FAILED",
    "false, false, INCONCLUSIVE, INCONCLUSIVE",
    "false, false, PASS,",
    "false, false,,",
  })
  void ofVerification_worstThatWasSeen(
      boolean aborts,
      boolean harms,
      CheckResult.@Nullable Verdict effect,
      @Nullable BadEnd expected) {
    assertThat(BadEnd.ofVerification(aborts, harms, effect)).isEqualTo(expected);
  }
}
