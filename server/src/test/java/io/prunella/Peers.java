package io.prunella;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Real processes for a test, ended with it. A program that is not installed skips the test and says
 * so; with {@code PRUNELLA_PEERS=required} it fails.
 */
public final class Peers implements AutoCloseable {
  private static final long POLL_MS = 100;
  private static final int LAST_LINES = 60;
  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  /**
   * @param folder for the processes' output
   */
  public Peers(Path folder) {
    this.folder = folder;
  }

  /** Skips the test, or fails it in CI, unless all programs are installed. */
  public static void need(String... programs) {
    for (String program : programs) {
      boolean there = find(program) != null;
      if (!there && "required".equals(System.getenv("PRUNELLA_PEERS"))) {
        throw new AssertionError(
            "%s is not installed, and PRUNELLA_PEERS=required".formatted(program));
      }
      assumeTrue(there, program + " is not installed: this test needs the real one");
    }
  }

  /** A port that is free at this moment. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts a program; what it prints goes to {@code NAME.log} in the folder. */
  public Process start(String name, List<String> command) throws IOException {
    var whole = new ArrayList<>(command);
    Path program = find(command.getFirst());
    if (program != null) whole.set(0, program.toString());
    var process =
        new ProcessBuilder(whole)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    started.add(process);
    return process;
  }

  /** Where a process' output is. */
  public Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** The failure with what the processes last said, for whoever reads it in CI. */
  public AssertionError told(AssertionError failure, String... names) throws IOException {
    for (String name : names) {
      List<String> lines = Files.readAllLines(log(name));
      var last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      failure.addSuppressed(
          new AssertionError("%s last said:%n%s".formatted(name, String.join("\n", last))));
    }
    return failure;
  }

  /** The Java process of this project with the test's own class path. */
  public static List<String> java(String mainClass, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx1g"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Asks again and again until there is an answer.
   *
   * @throws AssertionError after {@code within}, naming what was waited for
   */
  public static <T> T eventually(String what, Duration within, Supplier<Optional<T>> ask)
      throws InterruptedException {
    Instant end = Instant.now().plus(within);
    var never = new CountDownLatch(1);
    while (true) {
      Optional<T> answer = ask.get();
      if (answer.isPresent()) return answer.get();
      if (Instant.now().isAfter(end))
        throw new AssertionError("%s has not come within %s".formatted(what, within));
      if (never.await(POLL_MS, TimeUnit.MILLISECONDS))
        throw new IllegalStateException("nobody counts this down");
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : started.reversed()) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    }
  }

  private static @Nullable Path find(String program) {
    if (program.contains("/"))
      return Files.isExecutable(Path.of(program)) ? Path.of(program) : null;
    var folders = new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
    folders.addAll(List.of("/usr/sbin", "/usr/local/bin"));
    for (String folder : folders) {
      Path path = Path.of(folder, program);
      if (Files.isExecutable(path)) return path;
    }
    return null;
  }
}
