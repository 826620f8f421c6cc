package io.prunella.cli;

import io.prunella.server.ConfigFile;
import io.prunella.server.LogSetup;
import io.prunella.server.Server;
import io.prunella.yaml.YamlException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** {@code prunella serve}: the service, until it is told to end. */
@Command(
    name = "serve",
    description =
        "Runs the server: receives remote write, watches, decides, repairs, serves the console.")
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @Option(
      names = "--config.file",
      paramLabel = "FILE",
      description = "Configuration in YAML. Default: what ships.")
  private @Nullable Path configFile;

  @Option(
      names = "--storage.path",
      paramLabel = "FOLDER",
      defaultValue = "data",
      description = "Data folder: journal, keys, tokens, checkpoints. Default: ${DEFAULT-VALUE}.")
  private Path storage = Path.of("data");

  @Option(
      names = "--web.listen-address",
      paramLabel = "HOST:PORT",
      description =
          "Where to listen. Default: the configuration's web.listen-address, 127.0.0.1:9642.")
  private @Nullable String listenAddress;

  @Option(names = "--log.level", defaultValue = "info", description = "debug, info, warn or error.")
  private LogSetup.Threshold logLevel = LogSetup.Threshold.INFO;

  @Option(names = "--log.format", defaultValue = "logfmt", description = "logfmt or json.")
  private LogSetup.Format logFormat = LogSetup.Format.LOGFMT;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    var line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    LogSetup.apply(logLevel, logFormat);
    try {
      var ended = new CountDownLatch(1);
      var server = new Server(Server.Setting.of(storage, file()));
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> end(server, ended)));
      server.runByWall();
      onHangUp(server);
      greet(server, line.getOut());
      ended.await();
      return 0;
    } catch (YamlException e) {
      e.problems().forEach(line.getErr()::println);
      return 1;
    }
  }

  private ConfigFile file() {
    ConfigFile read = configFile == null ? ConfigFile.shipped() : ConfigFile.read(configFile);
    return listenAddress == null
        ? read
        : new ConfigFile(read.config().withListenAddress(listenAddress), read.folder());
  }

  private void greet(Server server, PrintWriter out) {
    server
        .firstToken()
        .ifPresent(token ->
            out.println(
                "First start: the admin's token is %s — it is shown only this once."
                    .formatted(token)));
    out.println(
        "Prunella listens on port %d and keeps its data in %s.".formatted(server.port(), storage));
    out.flush();
  }

  /**
   * SIGHUP reads the runbooks again, as operators expect; a system without it has POST /-/reload.
   */
  private static void onHangUp(Server server) {
    try {
      Signal.handle(
          new Signal("HUP"), _ -> Thread.ofVirtual().name("reload").start(server::reload));
    } catch (IllegalArgumentException e) {
      LOG.info("this system knows no SIGHUP; POST /-/reload reads the runbooks again");
    }
  }

  private static void end(Server server, CountDownLatch ended) {
    server.close();
    ended.countDown();
  }
}
