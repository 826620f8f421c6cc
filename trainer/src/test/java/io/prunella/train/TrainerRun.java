package io.prunella.train;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the trainer's command line as a shell would. */
final class TrainerRun {
  private TrainerRun() {}

  /**
   * @return the exit code
   */
  static int of(StringWriter out, StringWriter err, String... args) {
    return PrunellaTrain.commandLine()
        .setErr(new PrintWriter(err))
        .setOut(new PrintWriter(out))
        .execute(args);
  }
}
