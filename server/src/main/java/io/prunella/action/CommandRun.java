package io.prunella.action;

import io.prunella.remediation.Action;
import io.prunella.remediation.Outcome;
import io.prunella.remediation.PlannedStep;
import io.prunella.runbook.Target;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code command.run}: runs a declared program with arguments as a list, never through a shell.
 *
 * <p>Arguments: {@code argv.0}, {@code argv.1}, … (required), {@code ok} (exit codes that mean
 * done, {@code 0} unless said otherwise), {@code probe.0}, … (a second command that says after an
 * unknown end whether the first took place: exit code 0 yes, 1 no, any other unknown). Both get
 * {@code PRUNELLA_KEY} and {@code PRUNELLA_SERVICE}. A command that outlives its time is killed
 * with what it started, and its end is unknown. Class N: sent at most once.
 */
public final class CommandRun implements Action {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Duration PROBE_MAX = Duration.ofSeconds(30);
  private static final long LAST_WORDS_MS = 1_000;
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "csh", "tcsh", "busybox");

  private final CommandConfig config;

  public CommandRun(CommandConfig config) {
    this.config = config;
  }

  @Override
  public String name() {
    return "command.run";
  }

  @Override
  public PlannedStep.Idempotency idempotency() {
    return PlannedStep.Idempotency.N;
  }

  @Override
  public boolean reversible() {
    return false;
  }

  @Override
  public List<String> problems(Map<String, String> arguments) {
    var problems = new ArrayList<String>();
    for (String name : arguments.keySet()) {
      if (!name.equals("ok") && !name.matches("(argv|probe)\\.\\d{1,3}")) {
        problems.add("argument %s is not known, wanted argv, probe, ok".formatted(name));
      }
    }
    program(list(arguments, "argv"), "argv", problems);
    var probe = list(arguments, "probe");
    if (!probe.isEmpty()) program(probe, "probe", problems);
    String ok = arguments.getOrDefault("ok", "0");
    if (!ok.matches("\\d{1,3}(,\\d{1,3})*")) {
      problems.add("ok is \"%s\", wanted exit codes such as 0 or 0,3".formatted(ok));
    }
    return problems;
  }

  private void program(List<String> argv, String name, List<String> problems) {
    if (argv.isEmpty()) {
      problems.add(name + " is missing, wanted the program's path and its arguments");
      return;
    }
    String program = argv.getFirst();
    if (!config.allow().contains(program)) {
      problems.add(
          "%s runs %s, wanted one of actions.command.allow: %s"
              .formatted(
                  name,
                  program,
                  config.allow().isEmpty() ? "(none)" : String.join(", ", config.allow())));
    }
    boolean shell = SHELLS.contains(new File(program).getName());
    if (shell && argv.stream().skip(1).anyMatch(a -> a.matches("-[a-z]*c[a-z]*"))) {
      problems.add(
          "%s gives a line to the shell %s, wanted a program with its arguments"
              .formatted(name, program));
    }
    if (argv.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
      problems.add(name + " has an argument with a NUL character, wanted text");
    }
  }

  @Override
  public Map<String, String> snapshot(Target target, Duration timeout) {
    return Map.of(); // what a program will touch, only the program knows
  }

  @Override
  public List<String> dryRun(
      Target target, Map<String, String> arguments, Map<String, String> snapshot) {
    return List.of("+ run once: " + String.join(" ", list(arguments, "argv")));
  }

  @Override
  public Outcome run(Call call) {
    return run(call, _ -> {});
  }

  @Override
  public Outcome run(Call call, Consumer<Supplier<String>> onItsWay) {
    var arguments = call.step().arguments();
    var problems = problems(arguments);
    if (!problems.isEmpty()) return new Outcome.Failed(String.join("; ", problems));
    var ok = Set.of(arguments.getOrDefault("ok", "0").split(","));
    return switch (execute(list(arguments, "argv"), call, call.step().timeout(), onItsWay)) {
      case End.NotStarted(String why) -> new Outcome.Failed(why);
      case End.Killed(String output) ->
          new Outcome.Unknown(
              "no end within %d s; killed. %s"
                  .formatted(call.step().timeout().toSeconds(), output));
      case End.Exited(int code, String output) when ok.contains(Integer.toString(code)) ->
          new Outcome.Done(output.isEmpty() ? "exit code " + code : output);
      case End.Exited(int code, String output) ->
          new Outcome.Failed("exit code %d. %s".formatted(code, output).strip());
    };
  }

  @Override
  public Probe probe(Call call) {
    var argv = list(call.step().arguments(), "probe");
    if (argv.isEmpty() || !problems(call.step().arguments()).isEmpty()) return Probe.UNKNOWN;
    if (!(execute(argv, call, PROBE_MAX, _ -> {}) instanceof End.Exited(int code, String _))) {
      return Probe.UNKNOWN;
    }
    if (code == 0) return Probe.APPLIED;
    return code == 1 ? Probe.NOT_APPLIED : Probe.UNKNOWN;
  }

  /** How a process ended. */
  private sealed interface End {
    record NotStarted(String why) implements End {}

    record Killed(String output) implements End {}

    record Exited(int code, String output) implements End {}
  }

  private End execute(
      List<String> argv, Call call, Duration timeout, Consumer<Supplier<String>> onItsWay) {
    var builder = new ProcessBuilder(argv).directory(new File(config.folder()));
    builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    var environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    environment.putAll(config.environment());
    environment.put("PRUNELLA_KEY", call.key());
    environment.put("PRUNELLA_SERVICE", call.target().service());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new End.NotStarted(
          "%s could not be started: %s".formatted(argv.getFirst(), e.getMessage()));
    }
    var output = new Output(config.outputCharsMax(), config.secrets());
    var reading = new CompletableFuture<Void>();
    onItsWay.accept(output::soFar);
    Thread.ofVirtual().start(() -> read(process.getInputStream(), output, reading));
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller gives up: its end is unknown
    }
    if (!ended) kill(process);
    // A child left in the background may hold the output open: its last words are waited for, not
    // its end.
    boolean closed = await(reading);
    if (!closed) kill(process);
    // Broken off, it may end in the first half of a secret: that is not told then.
    if (!ended) return new End.Killed(output.soFar());
    return new End.Exited(process.exitValue(), closed ? output.whole() : output.soFar());
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static boolean await(CompletableFuture<Void> reading) {
    try {
      reading.get(LAST_WORDS_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** To its end, however much it is: a program that prints much must not be blocked by that. */
  private static void read(InputStream in, Output output, CompletableFuture<Void> done) {
    var buffer = new char[8_192];
    try (var text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
        output.add(CharBuffer.wrap(buffer, 0, count));
      }
    } catch (IOException | UncheckedIOException e) {
      // Killed while it printed: what came until then is kept.
    }
    done.complete(null);
  }

  /** {@code name.0}, {@code name.1}, … in order; empty when the numbers have a gap. */
  private static List<String> list(Map<String, String> arguments, String name) {
    var byIndex = new TreeMap<Integer, String>();
    arguments.forEach((key, value) -> {
      if (key.matches(name + "\\.\\d{1,3}")) {
        byIndex.put(Integer.parseInt(key.substring(name.length() + 1)), value);
      }
    });
    boolean whole = byIndex.isEmpty() || byIndex.lastKey() == byIndex.size() - 1;
    return whole ? List.copyOf(byIndex.values()) : List.of();
  }
}
