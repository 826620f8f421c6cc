package io.prunella.demo;

import io.prunella.console.ConsoleConfig;
import io.prunella.console.ConsoleExtension;
import io.prunella.control.Desk;
import io.prunella.server.Config;
import io.prunella.server.ConfigFile;
import io.prunella.server.LogSetup;
import io.prunella.server.Server;
import io.prunella.watch.WatchConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The real server under the demo's clock, with the demo's site as its configuration. */
final class ServerRoof implements Roof {
  private final Server server;
  private final String host;

  private ServerRoof(Server server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Opens it.
   *
   * @param extensions cards for the console
   * @param speed simulated seconds in one of the wall's, for what the console shows
   */
  static Roof open(Setup setup, List<ConsoleExtension> extensions, double speed) {
    LogSetup.apply(
        LogSetup.Threshold.valueOf(setup.logLevel().toUpperCase(Locale.ROOT)),
        LogSetup.Format.LOGFMT);
    Config config = config(setup, speed);
    var server =
        new Server(
            new Server.Setting(
                setup.storage(),
                new ConfigFile(config, Path.of("").toAbsolutePath()),
                setup.clock(),
                setup.actions(),
                setup.runbooks(),
                extensions,
                Optional.of(setup.writeToken())));
    return new ServerRoof(server, setup.listenAddress().replaceFirst(":\\d+$", ""));
  }

  private static Config config(Setup setup, double speed) {
    Config shipped = Config.DEFAULTS;
    return new Config(
        new Config.Web(
            setup.listenAddress(),
            /* writeTokenFile= */ "",
            Config.Web.DEFAULTS.connectionsMax(),
            Config.Web.DEFAULTS.firstRequestMs()),
        shipped.ingest(),
        new Config.Services(
            DemoSite.SERVICE_RULES, List.of("pod", "instance"), /* shipped= */ false),
        shipped.signals(),
        shipped.watch().withShards(1).withDelivery(WatchConfig.Delivery.SETTLED),
        shipped.detection(),
        shipped.models(),
        shipped.incidents(),
        shipped.patterns(),
        new Config.Runbooks(List.of(), /* shipped= */ false, java.util.Map.of()),
        setup.targets().stream().map(Config.TargetEntry::of).toList(),
        shipped.guardrails(),
        shipped.actions(),
        shipped.notifications(),
        ConsoleConfig.DEFAULTS
            .withClockSpeed(speed > 0 ? speed : 1)
            .withExternalUrl("http://" + setup.listenAddress()));
  }

  @Override
  public String address() {
    return "http://%s:%d".formatted(host, server.port());
  }

  @Override
  public Optional<String> token() {
    return server.firstToken();
  }

  @Override
  public Desk desk() {
    return server.desk();
  }

  @Override
  public void settle(Instant now) {
    server.settle(now);
  }

  @Override
  public void close() {
    server.close();
  }
}
