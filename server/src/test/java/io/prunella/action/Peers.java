package io.prunella.action;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Real programs that tests talk to. */
final class Peers {
  private Peers() {}

  /** The program, or the test is skipped; with {@code PRUNELLA_PEERS=required} it fails instead. */
  static String wanted(String program) {
    for (String folder : List.of("/usr/bin", "/usr/local/bin", "/usr/sbin", "/bin")) {
      if (Files.isExecutable(Path.of(folder, program))) return folder + "/" + program;
    }
    if ("required".equals(System.getenv("PRUNELLA_PEERS"))) {
      throw new AssertionError(program + " is not installed, but PRUNELLA_PEERS=required");
    }
    assumeTrue(false, program + " is not installed");
    throw new AssertionError("not reached");
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static Process start(Path log, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(new File("/dev/null"))
        .start();
  }
}
