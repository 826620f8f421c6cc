package io.prunella.action;

import java.util.List;
import java.util.Map;

/**
 * What {@code command.run} may do.
 *
 * @param allow absolute paths of the programs that may be run; empty: none
 * @param environment all of the environment they get, besides PATH
 * @param folder where they are run
 * @param outputCharsMax of what they print, kept
 * @param secrets texts that are masked in what they print
 */
public record CommandConfig(
    List<String> allow,
    Map<String, String> environment,
    String folder,
    int outputCharsMax,
    List<String> secrets) {
  public static final CommandConfig DEFAULTS =
      new CommandConfig(List.of(), Map.of(), "/", 4_096, List.of());

  public CommandConfig {
    allow = List.copyOf(allow);
    environment = Map.copyOf(environment);
    secrets = List.copyOf(secrets);
  }

  @Override
  public String toString() {
    return "CommandConfig[allow=%s, folder=%s, %d secrets]"
        .formatted(allow, folder, secrets.size());
  }
}
