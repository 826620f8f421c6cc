package io.prunella.cli;

import io.prunella.console.Role;
import io.prunella.console.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code prunella token add|list|remove}: on the file, with or without a running server, which sees
 * the change.
 */
@Command(
    name = "token",
    description = "Makes, lists and takes back tokens, in the storage folder.",
    mixinStandardHelpOptions = true,
    subcommands = {TokenCommand.Add.class, TokenCommand.All.class, TokenCommand.Remove.class})
final class TokenCommand {
  /** Where the tokens are. */
  static final class Storage {
    @Option(
        names = "--storage.path",
        paramLabel = "FOLDER",
        defaultValue = "data",
        description = "the server's storage folder; default data")
    Path path = Path.of("data");

    Tokens tokens() {
      return Tokens.open(path.resolve("tokens.yml"));
    }
  }

  /** {@code prunella token add NAME --role=ROLE}. */
  @Command(
      name = "add",
      description = "Makes a token and prints it, this once.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin Storage storage = new Storage();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "the actor's name in the audit trail")
    String name = "";

    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "viewer, approver, operator or admin")
    String role = "";

    @Override
    public Integer call() {
      String secret = storage.tokens().add(name, Role.of(role), new SecureRandom());
      output.one(
          new JsonObject().put("name", name).put("role", role).put("token", secret),
          secret,
          List.of(secret));
      output.say(
          "This is %s's token. It is not kept anywhere and cannot be shown again.".formatted(name));
      return Exit.OK;
    }
  }

  /** {@code prunella token list}. */
  @Command(name = "list", description = "Lists names and roles.", mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin Storage storage = new Storage();
    @Mixin Output output = new Output();

    @Override
    public Integer call() {
      var all = new JsonArray();
      storage
          .tokens()
          .list()
          .forEach(
              t -> all.add(new JsonObject().put("name", t.name()).put("role", t.role().word())));
      output.list(
          new JsonObject().put("tokens", all),
          "tokens",
          "name",
          List.of("NAME", "ROLE"),
          t -> List.of(Output.text(t, "name"), Output.text(t, "role")));
      return Exit.OK;
    }
  }

  /** {@code prunella token remove NAME}. */
  @Command(
      name = "remove",
      description = "Takes a token back; its sessions end.",
      mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    @Mixin Storage storage = new Storage();
    @Mixin Output output = new Output();

    @Parameters(paramLabel = "NAME")
    String name = "";

    @Override
    public Integer call() {
      if (!storage.tokens().remove(name))
        throw new Failure(Exit.NOT_FOUND, "there is no token named " + name);
      output.say(name + " is out.");
      return Exit.OK;
    }
  }
}
