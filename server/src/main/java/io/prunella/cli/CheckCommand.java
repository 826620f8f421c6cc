package io.prunella.cli;

import io.prunella.action.CommandConfig;
import io.prunella.action.CommandRun;
import io.prunella.action.HttpCall;
import io.prunella.action.HttpConfig;
import io.prunella.action.HttpSet;
import io.prunella.action.RedisFree;
import io.prunella.remediation.Action;
import io.prunella.remediation.PolicyConfig;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.PolicyBounds;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.RunbookReader;
import io.prunella.server.ConfigFile;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella check …}: says what is wrong with files, without a server. */
@Command(
    name = "check",
    description = "Checks files before a server reads them.",
    mixinStandardHelpOptions = true,
    subcommands = CheckCommand.Runbooks.class)
final class CheckCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code prunella check runbooks FILE…}. */
  @Command(
      name = "runbooks",
      description = "Checks runbooks whole and runs the tests inside them; changes nothing.",
      mixinStandardHelpOptions = true)
  static final class Runbooks implements Callable<Integer> {
    @Parameters(
        arity = "1..*",
        paramLabel = "FILE",
        description = "Runbooks (YAML), or folders of them.")
    private List<Path> files = new ArrayList<>();

    @Option(
        names = "--any-action",
        description = "Do not check which actions there are, and their arguments.")
    private boolean anyAction;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "Judge limits and calendars by this configuration; else limits by the one that ships.")
    private @Nullable Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      var out = spec.commandLine().getOut();
      var err = spec.commandLine().getErr();
      PolicyBounds policy;
      try {
        policy = policy();
      } catch (YamlException e) {
        e.problems().forEach(err::println);
        err.flush();
        return Exit.FAILED;
      }
      var reader =
          new RunbookReader(
              new Expressions(ExpressionConfig.DEFAULTS), anyAction ? null : actions(), policy);
      var names = new HashMap<String, Path>();
      var read = new ArrayList<Runbook>();
      int bad = 0;
      for (Path file : all()) {
        try {
          Runbook runbook = reader.read(file.toString(), Files.readString(file));
          Path other = names.putIfAbsent(runbook.name(), file);
          if (other != null) {
            err.printf("%s: its name %s is that of %s%n", file, runbook.name(), other);
            bad++;
            continue;
          }
          read.add(runbook);
          out.printf(
              "%s: %s %s, tier %d, %d tests passed%n",
              file, runbook.name(), runbook.version(), runbook.tier(), runbook.trials().size());
        } catch (YamlException e) {
          e.problems().forEach(err::println);
          bad++;
        } catch (IOException e) {
          err.printf("%s: cannot be read: %s%n", file, e);
          bad++;
        }
      }
      ties(read).forEach(out::println);
      out.flush();
      err.flush();
      return bad == 0 ? Exit.OK : Exit.FAILED;
    }

    /** Runbooks of which nothing says which comes first: no fault, but worth knowing. */
    private static List<String> ties(List<Runbook> read) {
      var told = new ArrayList<String>();
      for (int i = 0; i < read.size(); i++) {
        for (int j = i + 1; j < read.size(); j++) {
          if (!RunbookCatalogue.ties(read.get(i), read.get(j))) continue;
          told.add(
              "note: %s and %s fit the same targets equally well; a person chooses where both may act"
                  .formatted(read.get(i).name(), read.get(j).name()));
        }
      }
      return told;
    }

    private List<Path> all() throws IOException {
      var all = new ArrayList<Path>();
      for (Path file : files) {
        if (!Files.isDirectory(file)) {
          all.add(file);
          continue;
        }
        try (Stream<Path> inside = Files.list(file)) {
          inside.filter(f -> f.toString().matches(".*\\.ya?ml")).sorted().forEach(all::add);
        }
      }
      return all;
    }

    /** Which calendars and channels there are only a configuration says. */
    private PolicyBounds policy() {
      if (config != null) return ConfigFile.read(config).config().bounds();
      return PolicyConfig.DEFAULTS.bounds().numbers();
    }

    /** Which programs may be run is the server's configuration, and not judged here. */
    private static Map<String, ActionTraits> actions() {
      var traits = new HashMap<String, ActionTraits>();
      for (Action action :
          List.of(
              new RedisFree(),
              HttpCall.once(HttpConfig.DEFAULTS),
              HttpCall.keyed(HttpConfig.DEFAULTS),
              new HttpSet(HttpConfig.DEFAULTS))) {
        traits.put(
            action.name(), new ActionTraits(action.name(), action.reversible(), action::problems));
      }
      var command = new CommandRun(CommandConfig.DEFAULTS);
      traits.put(
          command.name(),
          new ActionTraits(command.name(), command.reversible(), Runbooks::commandProblems));
      return traits;
    }

    private static List<String> commandProblems(Map<String, String> arguments) {
      var programs = new ArrayList<String>();
      for (String name : List.of("argv.0", "probe.0")) {
        String program = arguments.get(name);
        if (program != null) programs.add(program);
      }
      return new CommandRun(new CommandConfig(programs, Map.of(), "/", 1, List.of()))
          .problems(arguments);
    }
  }
}
