package io.prunella.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code prunella}. What it can do are its subcommands; alone it shows its help. */
@Command(
    name = "prunella",
    description = "Watches metric streams, recognises incidents, repairs what is safe to repair.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {})
public final class Prunella implements Runnable {
  private Prunella() {}

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Prunella()).execute(args));
  }
}
