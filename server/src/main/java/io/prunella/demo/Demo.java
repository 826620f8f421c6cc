package io.prunella.demo;

import io.prunella.console.ConsoleExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code prunella demo}: a server and a simulated fleet that it watches and repairs.
 */
@Command(
    name = "demo",
    description = "Shows faults detected, recognised and repaired on a simulated fleet.",
    mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {
  private static final int WELL = 0;
  private static final int NOT_AS_IT_SHOULD = 1;

  @Option(
      names = "--list",
      description = "List the scenarios: name, how it should end, what it is.")
  private boolean list;

  @Option(names = "--scenario", paramLabel = "NAME", description = "Cause this one fault only.")
  private @Nullable String scenarioName;

  @Option(
      names = "--exit-when-settled",
      description = "End when the scenario has: exit 0 only if it ended as it should.")
  private boolean exitWhenSettled;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "180s",
      description = "With --exit-when-settled: how long to wait (default: ${DEFAULT-VALUE}).")
  private String timeoutText = "180s";

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "The same seed gives the same facts (default: ${DEFAULT-VALUE}).")
  private long seed = 7;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      defaultValue = "60",
      description = "Simulated seconds in one of the wall's, or max (default: ${DEFAULT-VALUE}).")
  private String speedText = "60";

  @Option(
      names = "--storage.path",
      paramLabel = "DIR",
      description = "Data folder; a demo that was killed goes on where it was. Default: a new one.")
  private @Nullable Path storagePath;

  @Option(
      names = "--web.listen-address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9642",
      description = "Where the console listens (default: ${DEFAULT-VALUE}).")
  private String listenAddress = "127.0.0.1:9642";

  @Option(
      names = "--log.level",
      paramLabel = "LEVEL",
      defaultValue = "warn",
      description = "debug, info, warn or error (default: ${DEFAULT-VALUE}).")
  private String logLevel = "warn";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) throw new IllegalStateException("the command line has not been parsed");
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    if (list) {
      for (var s : Scenario.ALL) {
        out.printf("%-18s %-12s %s%n", s.name(), s.end().word, s.what());
      }
      out.flush();
      return WELL;
    }
    var scenario = scenario(spec);
    double speed = speed(spec);
    var timeout = timeout(spec);
    if (exitWhenSettled && scenario == null) {
      throw wrong(spec, "--exit-when-settled wants --scenario=NAME: the tour does not end");
    }
    try {
      return run(scenario, speed, timeout, out, err);
    } catch (IOException | UncheckedIOException e) {
      err.println("prunella demo: " + e.getMessage());
      err.flush();
      return NOT_AS_IT_SHOULD;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private int run(
      @Nullable Scenario scenario, double speed, Duration timeout, PrintWriter out, PrintWriter err)
      throws IOException, InterruptedException {
    boolean temporary = storagePath == null;
    Path storage =
        storagePath == null
            ? Files.createTempDirectory("prunella-demo-")
            : Files.createDirectories(storagePath);
    var fleet = fleet(storage, scenario, speed);
    var faults = List.<ConsoleExtension>of(new FaultCard(fleet.client()));
    Roof.Opener opener = setup -> ServerRoof.open(setup, faults, speed);
    var run = new DemoRun(fleet, storage, opener, new Account(out), exitWhenSettled);
    var ended = new CountDownLatch(1);
    Runnable end =
        () -> {
          run.close();
          if (temporary) remove(storage);
          ended.countDown();
        };
    var hook = new Thread(end, "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    boolean hooked = true;
    try {
      run.open(listenAddress, logLevel);
      hello(run, fleet, out);
      if (!exitWhenSettled) {
        run.awaitEver();
        return WELL;
      }
      boolean settled = run.awaitSettled(timeout);
      return report(run, settled, timeout, out, err);
    } finally {
      try {
        hooked = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        hooked = false; // the process is ending: the hook does it
      }
      if (hooked) {
        end.run();
      } else {
        var unused = ended.await(20, TimeUnit.SECONDS);
      }
    }
  }

  private FleetProcess fleet(Path storage, @Nullable Scenario scenario, double speed)
      throws IOException {
    var found = FleetProcess.find(storage);
    String wanted = scenario == null ? "" : scenario.name();
    if (found.isEmpty()) {
      return FleetProcess.start(storage, seed, scenario == null ? "tour" : wanted, speed);
    }
    String runs = found.get().file().scenario();
    if (!wanted.isEmpty() && !wanted.equals(runs)) {
      throw new IOException(
          "the fleet of %s runs %s, not %s: wanted the same scenario or another --storage.path"
              .formatted(storage, runs.isEmpty() ? "the tour" : runs, wanted));
    }
    return found.get();
  }

  private static void hello(DemoRun run, FleetProcess fleet, PrintWriter out) {
    out.println("Console  " + run.address());
    run.token().ifPresent(token -> out.println("Token    " + token));
    out.printf(
        "Fleet    %s, %d services, process %d, seed %d%n",
        fleet.found() ? "found again" : "started",
        Company.SERVICES.size(),
        fleet.file().pid(),
        fleet.file().seed());
    out.println("All of it is simulated. Times are simulated, UTC. Ctrl-C ends it.");
    out.println();
    out.flush();
  }

  private static int report(
      DemoRun run, boolean settled, Duration timeout, PrintWriter out, PrintWriter err) {
    var scenario = run.scenario();
    var verdict = run.verdict();
    out.println();
    run.times().forEach(out::println);
    out.flush();
    if (verdict.isPresent() && verdict.get().asItShould()) {
      out.printf("%s ended as it should: %s%n", scenario, run.wanted());
      out.flush();
      return WELL;
    }
    String came =
        verdict
            .map(Ending.Verdict::came)
            .orElse("not settled within %d s; %s".formatted(timeout.toSeconds(), run.present()));
    err.printf("%s: wanted %s; what came: %s%n", scenario, run.wanted(), came);
    if (!settled && !run.trouble().isEmpty()) err.println("last trouble: " + run.trouble());
    err.flush();
    return NOT_AS_IT_SHOULD;
  }

  private @Nullable Scenario scenario(CommandSpec spec) {
    if (scenarioName == null) return null;
    return Scenario.named(scenarioName)
        .orElseThrow(() ->
            wrong(
                spec,
                "--scenario=%s is not known, wanted one of %s"
                    .formatted(scenarioName, Scenario.names())));
  }

  private double speed(CommandSpec spec) {
    if (speedText.equals("max")) return 0;
    try {
      double speed = Double.parseDouble(speedText.replaceFirst("[x×]$", ""));
      if (speed >= 1 && speed <= 10_000) return speed;
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(spec, "--speed=%s, wanted 1 to 10000 or max".formatted(speedText));
  }

  private Duration timeout(CommandSpec spec) {
    return io.prunella.yaml.YamlMap.span(timeoutText)
        .filter(span -> span.isPositive())
        .orElseThrow(() ->
            wrong(spec, "--timeout=%s, wanted for instance 180s or 3m".formatted(timeoutText)));
  }

  private static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("prunella demo: could not remove " + folder + ": " + e.getMessage());
    }
  }
}
