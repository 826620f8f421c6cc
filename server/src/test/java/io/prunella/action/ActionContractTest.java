package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Action;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every action promises, each with a target that is not there. */
class ActionContractTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  static Stream<Arguments> actions() throws IOException {
    int gone = Peers.freePort();
    var http = new HttpConfig(List.of("127.0.0.1:" + gone), Map.of(), 1_000);
    var command = new CommandConfig(List.of("/nowhere/tool"), Map.of(), "/", 1_000, List.of());
    var labels = Map.of("idempotency", "keyed");
    var web = new Target("s", "http", "", "", false, "http://127.0.0.1:" + gone, labels);
    return Stream.of(
        Arguments.of(
            new RedisFree(),
            new Target("s", "redis", "cache", "", true, "redis://127.0.0.1:" + gone, Map.of()),
            Map.of("flush", "async")),
        Arguments.of(
            new CommandRun(command),
            new Target("s", "command", "", "", false, "", Map.of()),
            Map.of("argv.0", "/nowhere/tool")),
        Arguments.of(HttpCall.once(http), web, Map.of("path", "/do")),
        Arguments.of(HttpCall.keyed(http), web, Map.of("path", "/do")),
        Arguments.of(
            new HttpSet(http),
            new Target(
                "s",
                "http",
                "",
                "",
                false,
                "http://127.0.0.1:" + gone,
                Map.of("statePath", "/state")),
            Map.of("replicas", "3")));
  }

  @ParameterizedTest
  @MethodSource("actions")
  void everyAction_targetNotThere_failedAndNeverThrows(
      Action action, Target target, Map<String, String> arguments) {
    assertThat(action.run(call(action, target, arguments))).isInstanceOf(Outcome.Failed.class);
    assertThat(action.probe(call(action, target, arguments))).isEqualTo(Probe.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("actions")
  void everyAction_snapshotOfWhatIsNotThere_emptyOrUnreachable(
      Action action, Target target, Map<String, String> arguments) {
    try {
      assertThat(action.snapshot(target, SECOND)).isEmpty();
    } catch (Action.UnreachableException e) {
      assertThat(e).hasMessageContaining("127.0.0.1");
    }
  }

  @ParameterizedTest
  @MethodSource("actions")
  void everyAction_badAddress_failedAndNeverThrows(
      Action action, Target target, Map<String, String> arguments) {
    var odd =
        new Target("s", target.kind(), "", "", false, "no address: \n at all", target.labels());
    assertThat(action.run(call(action, odd, arguments))).isInstanceOf(Outcome.Failed.class);
    assertThat(action.probe(call(action, odd, arguments))).isEqualTo(Probe.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("actions")
  void everyAction_describesItselfAndItsArguments(
      Action action, Target target, Map<String, String> arguments) {
    assertThat(action.name()).matches("[a-z0-9]+\\.[a-z0-9]+").startsWith(target.kind() + ".");
    assertThat(action.problems(arguments)).isEmpty();
    assertThat(action.dryRun(target, arguments, Map.of()))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("- ") || line.startsWith("+ "));
    var more = new HashMap<>(arguments);
    more.put("surprise", "x");
    assertThat(action.problems(more)).hasSize(1).first().asString().contains("surprise");
    // Refused when run as well, not only when planned.
    assertThat(action.run(call(action, target, more))).isInstanceOf(Outcome.Failed.class);
  }

  private static Action.Call call(Action action, Target target, Map<String, String> arguments) {
    var step =
        new PlannedStep(
            "s", action.name(), arguments, SECOND, action.idempotency(), action.reversible());
    return new Action.Call(target, step, "key", Map.of());
  }
}
