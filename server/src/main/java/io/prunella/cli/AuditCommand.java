package io.prunella.cli;

import io.prunella.journal.JournalVerifier;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code prunella audit show|verify|export}. */
@Command(
    name = "audit",
    description = "Shows, verifies and exports the audit trail.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditCommand.Show.class, AuditCommand.Verify.class, AuditCommand.Export.class})
final class AuditCommand {
  /** {@code prunella audit show}. */
  @Command(
      name = "show",
      description = "The latest facts, newest first.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--who",
        paramLabel = "NAME",
        defaultValue = "",
        description = "only facts of this actor")
    String who = "";

    @Option(
        names = "--what",
        paramLabel = "TYPE",
        defaultValue = "",
        description = "only facts whose type begins so, such as incident.")
    String what = "";

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "at most so many, 1 to 500; default 50")
    int limit = 50;

    @Override
    public Integer call() {
      String path =
          "/audit?limit=%d&who=%s&what=%s".formatted(limit, Client.part(who), Client.part(what));
      JsonObject answer = connection.client().get(path);
      answer
          .getJsonArray("entries")
          .forEach(one ->
              ((JsonObject) one).put("id", String.valueOf(((JsonObject) one).getLong("seq"))));
      output.list(
          answer,
          "entries",
          "id",
          List.of("NO", "WHEN", "WHO", "WHAT", "FACT"),
          e ->
              List.of(
                  Output.text(e, "seq"),
                  Output.text(e, "at"),
                  Output.text(e, "actor"),
                  Output.text(e, "type"),
                  Output.text(e, "body")));
      return Exit.OK;
    }
  }

  /** {@code prunella audit verify}. */
  @Command(
      name = "verify",
      description =
          "Checks the whole trail: on the disk, or by asking the server when only --url is given.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--storage.path",
        paramLabel = "FOLDER",
        description = "the server's storage folder; default data, unless --url is given")
    @Nullable Path storage;

    @Override
    public Integer call() {
      boolean online = storage == null && connection.url != null;
      JsonObject verdict = online ? connection.client().get("/audit/verify") : offline();
      boolean intact = verdict.getBoolean("intact", false);
      output.one(
          verdict,
          intact ? "intact" : "broken",
          List.of((intact ? "intact: " : "NOT INTACT: ") + Output.text(verdict, "message")));
      return intact ? Exit.OK : Exit.FAILED;
    }

    private JsonObject offline() {
      Path folder = storage == null ? Path.of("data") : storage;
      if (!Files.isDirectory(folder))
        throw new Failure(Exit.NOT_FOUND, "there is no folder " + folder);
      var verdict = JournalVerifier.verify(folder);
      return new JsonObject()
          .put("intact", verdict.intact())
          .put("entries", verdict.entries())
          .put("message", verdict.message());
    }
  }

  /** {@code prunella audit export}. */
  @Command(
      name = "export",
      description = "Writes every fact, oldest first, one JSON object a line.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Mixin Connection connection = new Connection();
    @Mixin Output output = new Output();

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "a new file; default: the standard output")
    @Nullable Path file;

    @Override
    public Integer call() {
      try (InputStream facts = connection.client().stream("/audit?format=jsonl")) {
        if (file == null) {
          facts.transferTo(new Lines(output));
          output.out().flush();
        } else {
          Files.copy(facts, file);
          output.say("written to " + file);
        }
        return Exit.OK;
      } catch (IOException e) {
        throw new Failure(Exit.FAILED, "the export broke off: " + e.getMessage());
      }
    }
  }

  /** The command's own output as a stream of UTF-8 bytes. */
  private static final class Lines extends OutputStream {
    private final Output output;
    private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();

    Lines(Output output) {
      this.output = output;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        output.out().println(line.toString(java.nio.charset.StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }
  }
}
