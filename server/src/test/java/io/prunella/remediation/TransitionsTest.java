package io.prunella.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The lifecycle as people read it: server/docs/remediation-states.md is printed from the table. */
class TransitionsTest {
  private static final Path DOC = Path.of("docs", "remediation-states.md");

  @ParameterizedTest
  @EnumSource(Status.class)
  void next_terminalState_hasNone(Status status) {
    assertThat(Transitions.next(status).isEmpty()).isEqualTo(status.isTerminal());
  }

  @ParameterizedTest
  @CsvSource({
    "ESCALATED, EXECUTING", "AWAITING_APPROVAL, ADMITTED", "APPROVED, EXECUTING",
        "PROPOSED, EXECUTING",
    "ROLLING_BACK, SUCCEEDED", "INDETERMINATE, SUCCEEDED", "EXECUTING, SUCCEEDED",
        "ROLLED_BACK, PROPOSED"
  })
  void check_moveThatIsNotInTheTable_isRefusedWithWords(Status from, Status to) {
    assertThatThrownBy(() -> Transitions.check("REM-7", from, to))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("remediation REM-7 cannot go from %s to %s".formatted(from, to));
  }

  @Test
  void diagram_inTheDocs_isCurrent() throws IOException {
    String wanted =
        """
        # States of a remediation

        Printed from the table in `Transitions` by `TransitionsTest`; after a change of the table run it with
        `-Dprunella.write-docs=true`. From every state that is not an end a remediation may also go to
        `ABORTING`, as long as nothing has been sent or once the end of what was sent is known.

        ```mermaid
        %s```
        """
            .formatted(Transitions.diagram());
    if (Boolean.getBoolean("prunella.write-docs")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, wanted);
    }
    assertThat(DOC).content().isEqualTo(wanted);
  }
}
