package io.prunella.cli;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which server, and as whom. An option comes before the environment, that before {@code
 * ~/.config/prunella/config.yml} ({@code url}, {@code token}, {@code token_file}).
 */
final class Connection {
  private static final String URL = "http://127.0.0.1:9642";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server; default " + URL + ", or url of config.yml")
  @Nullable String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "better: PRUNELLA_TOKEN or --token-file, which other users cannot see")
  @Nullable String token;

  @Option(names = "--token-file", paramLabel = "FILE", description = "file with the token in it")
  @Nullable Path tokenFile;

  Client client() {
    return client(System.getenv());
  }

  Client client(Map<String, String> environment) {
    YamlMap config = config(environment);
    String where = url != null ? url : config.text("url", URL);
    return new Client(where, secret(environment, config));
  }

  private String secret(Map<String, String> environment, YamlMap config) {
    if (token != null) return token;
    if (tokenFile != null) return read(tokenFile);
    String fromEnvironment = environment.get("PRUNELLA_TOKEN");
    if (fromEnvironment != null && !fromEnvironment.isBlank()) return fromEnvironment.strip();
    if (config.has("token_file")) return read(Path.of(config.text("token_file")));
    return config.text("token", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Failure(
          Exit.WRONG_USE, "cannot read the token in %s: %s".formatted(file, e.getMessage()));
    }
  }

  private static YamlMap config(Map<String, String> environment) {
    String home =
        environment.getOrDefault("XDG_CONFIG_HOME", System.getProperty("user.home") + "/.config");
    Path file = Path.of(home, "prunella", "config.yml");
    var problems = new Problems(file.toString());
    try {
      String text = Files.exists(file) ? Files.readString(file) : "{}";
      YamlMap config = YamlMap.parse(file.toString(), text, problems);
      config.text("url", "");
      config.text("token", "");
      config.text("token_file", "");
      config.done();
      problems.throwIfAny();
      return config;
    } catch (IOException e) {
      throw new Failure(Exit.WRONG_USE, "cannot read %s: %s".formatted(file, e.getMessage()));
    } catch (YamlException e) {
      throw new Failure(Exit.WRONG_USE, String.join("\n", e.problems()));
    }
  }
}
