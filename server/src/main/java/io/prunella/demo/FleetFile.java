package io.prunella.demo;

import io.prunella.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a running fleet is found again: {@code fleet.json} in the storage folder, readable by its
 * owner only.
 *
 * @param secret what its callers must show, and what it shows to the server
 * @param scenario the one it runs, empty for the tour
 * @param speed seconds of simulated time in a second, 0 for as fast as it goes
 */
record FleetFile(long pid, int port, String secret, long seed, String scenario, double speed) {
  static final String NAME = "fleet.json";
  static final JsonMapper JSON = JsonMapper.shared();

  /**
   * @return empty when there is no such file
   * @throws IOException when it cannot be read or is not whole
   */
  static Optional<FleetFile> read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    try {
      return Optional.of(JSON.readValue(Files.readString(file), FleetFile.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new IOException(
          "%s is not a fleet's file: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /** Writes it whole or not at all. */
  void write(Path folder) throws IOException {
    WholeFile.write(folder.resolve(NAME), WholeFile.Readers.OWNER, JSON.writeValueAsString(this));
  }
}
