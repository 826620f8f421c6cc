package io.prunella.cli;

import io.prunella.demo.Demo;
import io.prunella.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command {@code prunella}. What it can do are its subcommands; alone it shows its help. */
@Command(
    name = "prunella",
    description = "Watches metric streams, recognises incidents, repairs what is safe to repair.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or the server said no",
      "2:wrong use",
      "4:not allowed",
      "5:conflict: the plan has changed, is decided already, or has expired",
      "6:not found",
      "7:server not reached",
      "130:interrupted"
    },
    subcommands = {
      Serve.class,
      Demo.class,
      StopCommands.Status.class,
      IncidentsCommand.class,
      ApprovalCommands.All.class,
      ApprovalCommands.Show.class,
      ApprovalCommands.Approve.class,
      ApprovalCommands.Reject.class,
      StopCommands.Stop.class,
      StopCommands.Resume.class,
      StopCommands.Abort.class,
      AuditCommand.class,
      TokenCommand.class,
      ImportCommand.class,
      CheckCommand.class
    })
public final class Prunella implements Runnable {
  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
  private CommandLine.Model.CommandSpec spec;

  private Prunella() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Runs one command with the process' own output, and returns its exit code. */
  public static int run(String... args) {
    return run(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        args);
  }

  /**
   * Runs one command.
   *
   * @param out takes data, {@code err} messages
   * @return the exit code, as {@code --help} lists them
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    var line = new CommandLine(new Prunella());
    line.addSubcommand("completion", new AutoComplete.GenerateCompletion());
    line.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true);
    if (System.getenv("NO_COLOR") != null)
      line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setExecutionExceptionHandler(Prunella::failed);
    return line.execute(args);
  }

  /** What goes wrong is told in a sentence; a stack is for our own faults. */
  private static int failed(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    int exit =
        switch (e) {
          case Failure failure -> failure.exit();
          case InterruptedException _ -> Exit.INTERRUPTED;
          case YamlException _ -> Exit.FAILED;
          case IllegalArgumentException _ -> Exit.WRONG_USE;
          case java.io.UncheckedIOException _ -> Exit.FAILED;
          default -> -1;
        };
    if (exit >= 0) {
      err.println("prunella: " + e.getMessage());
    } else {
      e.printStackTrace(err);
    }
    err.flush();
    return exit >= 0 ? exit : Exit.FAILED;
  }

  public static void main(String[] args) {
    System.exit(run(args));
  }
}
