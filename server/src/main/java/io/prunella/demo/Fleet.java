package io.prunella.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The simulated fleet as a process of its own: it survives the death of the server that it writes
 * to. Says {@code ready} on its standard output when {@link FleetFile} is written, and nothing
 * afterwards. Ends when told, or when nobody has spoken to it for ten minutes.
 *
 * <p>Arguments: storage folder, seed, scenario ({@code tour} for all), speed (0: as fast as it
 * goes).
 */
final class Fleet {
  private Fleet() {}

  public static void main(String[] arguments) {
    if (arguments.length != 4) {
      System.err.println("fleet: wanted four arguments: storage folder, seed, scenario, speed");
      System.exit(2);
    }
    try {
      run(
          Path.of(arguments[0]),
          Long.parseLong(arguments[1]),
          arguments[2],
          Double.parseDouble(arguments[3]));
      System.exit(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path folder, long seed, String scenario, double speed)
      throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    var only = scenario.equals("tour") ? null : Scenario.named(scenario).orElseThrow();
    var stepper = new Stepper(seed, only, speed, new Outbox(secret));
    try (var api = new FleetApi(stepper, secret)) {
      new FleetFile(
              ProcessHandle.current().pid(),
              api.port(),
              secret,
              seed,
              only == null ? "" : scenario,
              speed)
          .write(folder);
      System.out.println("ready");
      System.out.close();
      stepper.run();
    }
  }
}
