package io.prunella.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The fleet's process as the demo's server sees it: started with the same Java and class path, or
 * found running from an earlier start on the same storage folder.
 *
 * @param file what it wrote about itself
 * @param found true when it was running already
 */
record FleetProcess(FleetFile file, FleetClient client, boolean found) {
  static final String LOG = "fleet.log";

  /**
   * The fleet that runs on this storage folder.
   *
   * @return empty when none was ever started there
   * @throws IOException when one was started and has ended: its time cannot be taken up again
   */
  static Optional<FleetProcess> find(Path storage) throws IOException {
    var file = FleetFile.read(storage);
    if (file.isEmpty()) return Optional.empty();
    var client = new FleetClient(file.get().port(), file.get().secret());
    try {
      var unused = client.status();
    } catch (IOException e) {
      throw new IOException(
          "the simulated fleet of %s (process %d) does not answer any more: start the demo on a new --storage.path"
              .formatted(storage, file.get().pid()),
          e);
    }
    return Optional.of(new FleetProcess(file.get(), client, true));
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param scenario its name, or {@code tour}
   */
  static FleetProcess start(Path storage, long seed, String scenario, double speed)
      throws IOException {
    Path log = storage.resolve(LOG);
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx384m",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    absolute(System.getProperty("java.class.path")),
                    Fleet.class.getName(),
                    storage.toString(),
                    Long.toString(seed),
                    scenario,
                    Double.toString(speed)))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectError(log.toFile())
            .start();
    // The pipe is read to its end, which comes at once: the fleet must not die of a broken one
    // later.
    String said;
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      said = String.valueOf(out.readLine());
    }
    var file = FleetFile.read(storage);
    if (!said.equals("ready") || file.isEmpty()) {
      process.destroyForcibly();
      throw new IOException(
          "the simulated fleet did not start; it said: " + Files.readString(log).strip());
    }
    var client = new FleetClient(file.get().port(), file.get().secret());
    return new FleetProcess(file.get(), client, false);
  }

  /** Ends it: by asking, and after two seconds by force. */
  void end() {
    try {
      client.stop();
    } catch (IOException e) {
      // It is gone, or it does not listen: the process itself is looked at next.
    }
    ProcessHandle.of(file.pid())
        .ifPresent(process -> {
          try {
            process.onExit().get(2, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (java.util.concurrent.ExecutionException
              | java.util.concurrent.TimeoutException e) {
            process.destroyForcibly();
          }
        });
  }

  private static String absolute(String classPath) {
    var whole = new StringBuilder();
    for (String part : classPath.split(File.pathSeparator, -1)) {
      if (part.isEmpty()) continue;
      if (!whole.isEmpty()) whole.append(File.pathSeparator);
      whole.append(Path.of(part).toAbsolutePath());
    }
    return whole.toString();
  }
}
