package io.prunella.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How data is written: to the standard output, and nothing else goes there. */
final class Output {
  /** The form of data. */
  enum Form {
    /** For people. */
    TABLE,
    /** As the API has it. */
    JSON,
    /** One id a line, for pipes. */
    NAME
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, json or name")
  Form form = Form.TABLE;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
  CommandSpec spec;

  PrintWriter out() {
    return spec.root().commandLine().getOut();
  }

  /** A message for the person, beside the data. */
  void say(String message) {
    var err = spec.root().commandLine().getErr();
    err.println(message);
    err.flush();
  }

  /**
   * A list in the form that was asked for.
   *
   * @param id the field that names an entry
   */
  void list(
      JsonObject answer,
      String field,
      String id,
      List<String> heads,
      Function<JsonObject, List<String>> row) {
    JsonArray all = answer.getJsonArray(field);
    switch (form) {
      case JSON -> out().println(answer.encodePrettily());
      case NAME -> all.forEach(one -> out().println(((JsonObject) one).getString(id)));
      case TABLE -> {
        var rows = new ArrayList<List<String>>();
        all.forEach(one -> rows.add(row.apply((JsonObject) one)));
        table(heads, rows);
      }
    }
    out().flush();
  }

  /** One thing: its JSON, its id, or lines for people. */
  void one(JsonObject answer, String id, List<String> lines) {
    switch (form) {
      case JSON -> out().println(answer.encodePrettily());
      case NAME -> out().println(id);
      case TABLE -> lines.forEach(line -> out().println(plain(line)));
    }
    out().flush();
  }

  private void table(List<String> heads, List<List<String>> rows) {
    int[] wide = heads.stream().mapToInt(String::length).toArray();
    var clean = rows.stream().map(row -> row.stream().map(Output::plain).toList()).toList();
    for (List<String> row : clean) {
      for (int i = 0; i < wide.length; i++) wide[i] = Math.max(wide[i], row.get(i).length());
    }
    if (clean.isEmpty()) {
      say("nothing to show");
      return;
    }
    out().println(line(heads, wide));
    clean.forEach(row -> out().println(line(row, wide)));
  }

  private static String line(List<String> cells, int[] wide) {
    var text = new StringBuilder();
    for (int i = 0; i < wide.length; i++) {
      text.append(cells.get(i));
      if (i < wide.length - 1) text.append(" ".repeat(wide[i] - cells.get(i).length() + 2));
    }
    return text.toString();
  }

  /** Label values come from outside: what could steer a terminal is shown as a question mark. */
  static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u202a-\\u202e\\u2066-\\u2069]", "?");
  }

  static String text(JsonObject json, String field) {
    Object value = json.getValue(field);
    return value == null ? "-" : String.valueOf(value);
  }

  static String joined(JsonObject json, String field) {
    JsonArray all = json.getJsonArray(field);
    return all == null
        ? "-"
        : String.join(",", Arrays.stream(all.stream().toArray()).map(String::valueOf).toList());
  }
}
