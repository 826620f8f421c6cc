package io.prunella.train;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs commands that read a history, and keeps what the last of them has said. One thread. */
final class PastRun {
  private final List<String> command;

  /** Of the last run: its result. */
  String out = "";

  /** Of the last run: what is no result. */
  String err = "";

  /**
   * @param command its words, with the options that all runs have
   */
  PastRun(String... command) {
    this.command = List.of(command);
  }

  /**
   * Runs it on the history of the Prometheus at this address.
   *
   * @return the exit code
   */
  int of(String url, String... more) {
    var args = new ArrayList<>(command);
    args.add("--prometheus=" + url);
    args.addAll(List.of(more));
    var data = new StringWriter();
    var messages = new StringWriter();
    int exit = TrainerRun.of(data, messages, args.toArray(String[]::new));
    out = data.toString();
    err = messages.toString();
    return exit;
  }

  /** The same, of the second and the third day of a {@link ShopPast}. */
  int twoDays(String url, String... more) {
    var args = new ArrayList<>(List.of("--from=2026-03-03", "--to=2026-03-05"));
    args.addAll(List.of(more));
    return of(url, args.toArray(String[]::new));
  }
}
