package io.prunella.train;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code prunella-train}. What it can do are its subcommands; alone it shows its help.
 */
@Command(
    name = "prunella-train",
    description =
        "Trains, measures and inspects the models that Prunella detects and diagnoses with.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      Score.class,
      Evaluate.class,
      Train.class,
      Inspect.class,
      Compare.class,
      Calibrate.class,
      Promise.class,
      Backtest.class,
      Datasets.class
    })
public final class PrunellaTrain implements Runnable {
  private PrunellaTrain() {}

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** The whole command, for main and for tests. */
  static CommandLine commandLine() {
    return new CommandLine(new PrunellaTrain()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
