package io.prunella.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.remediation.Action;
import io.prunella.remediation.Action.Probe;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes. The helper script stands for what an operator would write. */
class CommandRunTest {
  private static final Target TARGET =
      new Target("shop", "command", "stateless", "", false, "", Map.of());
  @TempDir Path folder;
  private String script = "";
  private CommandRun action = new CommandRun(CommandConfig.DEFAULTS);

  @BeforeEach
  void write() throws Exception {
    var file = folder.resolve("tool");
    Files.writeString(
        file,
        """
        #!/bin/sh
        case "$1" in
          say) shift; for word in "$@"; do echo "<$word>"; done ;;
          env) /usr/bin/env ;;
          fail) echo "no space left"; exit 3 ;;
          hang) echo started; /bin/sleep 60 ;;
          orphan) (/bin/sleep 60 &) ; echo left ;;
          much) i=0; while [ $i -lt 3000 ]; do echo "line $i of a long story"; i=$((i+1)); done ;;
          wait) echo "half of hunter2"; printf "and hunt"; read go <"$2"; echo "er2, done" ;;
          secret) echo "token=hunter2 ok" ;;
          exit) exit "$2" ;;
        esac
        """);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    script = file.toString();
    action =
        new CommandRun(
            new CommandConfig(
                List.of(script, "/bin/sh"), Map.of("LANG", "C"), "/", 2_000, List.of("hunter2")));
  }

  private Action.Call call(Map<String, String> more, Duration timeout, String... words) {
    var arguments = new HashMap<>(more);
    arguments.put("argv.0", script);
    for (int i = 0; i < words.length; i++) arguments.put("argv." + (i + 1), words[i]);
    return new Action.Call(
        TARGET,
        new PlannedStep(
            "s", action.name(), arguments, timeout, action.idempotency(), action.reversible()),
        "key-7",
        Map.of());
  }

  private Outcome run(String... words) {
    return action.run(call(Map.of(), Duration.ofSeconds(20), words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"; rm -rf /", "$(reboot)", "`id`", "a b", "*", "--force", "\"'\\", "ü"})
  void run_hostileArgument_isOneWord(String word) {
    assertThat(run("say", word, "end")).isEqualTo(new Outcome.Done("<" + word + ">\n<end>"));
  }

  @Test
  void run_environment_onlyWhatIsDeclared() {
    var outcome = run("env");
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    var names =
        ((Outcome.Done) outcome).output().lines().map(l -> l.replaceFirst("=.*", "")).toList();
    assertThat(names)
        .contains("PATH", "LANG", "PRUNELLA_KEY", "PRUNELLA_SERVICE")
        .allMatch(n ->
            List.of(
                    "PATH",
                    "LANG",
                    "PRUNELLA_KEY",
                    "PRUNELLA_SERVICE",
                    "PWD",
                    "_",
                    "SHLVL",
                    "OLDPWD")
                .contains(n));
    assertThat(((Outcome.Done) outcome).output()).contains("PRUNELLA_KEY=key-7");
  }

  @Test
  void run_exitCodes_doneOrFailedWithTheLastWords() {
    assertThat(run("fail")).isEqualTo(new Outcome.Failed("exit code 3. no space left"));
    assertThat(action.run(call(Map.of("ok", "0,3"), Duration.ofSeconds(20), "fail")))
        .isEqualTo(new Outcome.Done("no space left"));
  }

  @Test
  void run_longerThanItsTime_killedAndUnknown() {
    var outcome = action.run(call(Map.of(), Duration.ofMillis(500), "hang"));
    assertThat(outcome)
        .isInstanceOfSatisfying(Outcome.Unknown.class, u -> assertThat(u.why()).contains("killed"));
    assertThat(ProcessHandle.current().descendants().map(p -> p.info().command().orElse("")))
        .noneMatch(c -> c.endsWith("/sleep"));
  }

  @Test
  void run_childLeftBehind_doesNotHoldUpTheEnd() {
    assertThat(run("orphan")).isEqualTo(new Outcome.Done("left"));
  }

  @Test
  void run_longOutputAndSecrets_cutAndMasked() {
    assertThat(run("much"))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            d ->
                assertThat(d.output())
                    .hasSizeLessThan(2_100)
                    .startsWith("line 0 of")
                    .contains("characters left out")
                    .endsWith("line 2999 of a long story"));
    assertThat(run("secret")).isEqualTo(new Outcome.Done("token=**** ok"));
  }

  /** The program goes on only when its first half has been seen. */
  @Test
  @Timeout(60)
  void run_onItsWay_showsWhatHasComeWithoutSecrets() throws Exception {
    var gate = folder.resolve("gate").toString();
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", gate).start().waitFor()).isZero();
    var told = new CompletableFuture<Supplier<String>>();
    var call = call(Map.of(), Duration.ofSeconds(50), "wait", gate);
    var ended = CompletableFuture.supplyAsync(() -> action.run(call, told::complete));
    Supplier<String> soFar = told.get();
    while (!soFar.get().contains("and")) Thread.onSpinWait();
    assertThat(soFar.get()).isEqualTo("half of ****\nand");
    Files.writeString(Path.of(gate), "go\n");
    assertThat(ended.get()).isEqualTo(new Outcome.Done("half of ****\nand ****, done"));
  }

  @Test
  void run_killedInTheMiddleOfASecret_doesNotTellItsHalf() throws Exception {
    var gate = folder.resolve("never").toString();
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", gate).start().waitFor()).isZero();
    assertThat(action.run(call(Map.of(), Duration.ofSeconds(3), "wait", gate)))
        .isEqualTo(new Outcome.Unknown("no end within 3 s; killed. half of ****\nand"));
  }

  @Test
  void run_programThatIsNotThere_failed() {
    var gone =
        new CommandRun(new CommandConfig(List.of("/nowhere/tool"), Map.of(), "/", 100, List.of()));
    var step =
        new PlannedStep(
            "s",
            "command.run",
            Map.of("argv.0", "/nowhere/tool"),
            Duration.ofSeconds(5),
            gone.idempotency(),
            false);
    assertThat(gone.run(new Action.Call(TARGET, step, "k", Map.of())))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void probe_exitCodeTells() {
    for (var wanted :
        Map.of("0", Probe.APPLIED, "1", Probe.NOT_APPLIED, "2", Probe.UNKNOWN).entrySet()) {
      var probe = Map.of("probe.0", script, "probe.1", "exit", "probe.2", wanted.getKey());
      assertThat(action.probe(call(probe, Duration.ofSeconds(5), "say")))
          .isEqualTo(wanted.getValue());
    }
    assertThat(action.probe(call(Map.of(), Duration.ofSeconds(5), "say"))).isEqualTo(Probe.UNKNOWN);
  }

  @Test
  void problems_eachNamesWhatIsWanted() {
    assertThat(action.problems(Map.of())).anyMatch(p -> p.startsWith("argv is missing"));
    assertThat(action.problems(Map.of("argv.0", "/bin/rm", "argv.1", "-rf")))
        .anyMatch(p -> p.contains("/bin/rm, wanted one of actions.command.allow"));
    assertThat(action.problems(Map.of("argv.0", "/bin/sh", "argv.1", "-c", "argv.2", "x")))
        .anyMatch(p -> p.contains("gives a line to the shell"));
    assertThat(action.problems(Map.of("argv.0", script, "argv.2", "gap")))
        .anyMatch(p -> p.startsWith("argv is missing"));
    assertThat(action.problems(Map.of("argv.0", script, "shell", "x")))
        .anyMatch(p -> p.contains("shell is not known"));
    assertThat(action.problems(Map.of("argv.0", script, "ok", "yes")))
        .anyMatch(p -> p.contains("wanted exit codes"));
    assertThat(action.problems(Map.of("argv.0", script))).isEmpty();
    assertThat(new CommandRun(CommandConfig.DEFAULTS).problems(Map.of("argv.0", script)))
        .anyMatch(p -> p.contains("(none)"));
  }

  @Test
  void dryRun_showsTheCommand() {
    assertThat(action.dryRun(TARGET, Map.of("argv.0", "/bin/a", "argv.1", "b"), Map.of()))
        .containsExactly("+ run once: /bin/a b");
    assertThat(action.snapshot(TARGET, Duration.ofSeconds(1))).isEmpty();
  }
}
