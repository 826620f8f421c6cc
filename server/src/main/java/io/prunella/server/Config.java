package io.prunella.server;

import io.prunella.action.CommandConfig;
import io.prunella.action.HttpConfig;
import io.prunella.console.ConsoleConfig;
import io.prunella.detect.DetectConfig;
import io.prunella.incident.GroupingConfig;
import io.prunella.ingest.IngestConfig;
import io.prunella.notify.NotifyConfig;
import io.prunella.remediation.PolicyConfig;
import io.prunella.remediation.PolicyConfig.CalendarEntry;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.PolicyBounds;
import io.prunella.runbook.Target;
import io.prunella.signal.ServiceRules;
import io.prunella.watch.WatchConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Everything that can be set, one record a room. What is not in the file keeps its default; the
 * shipped {@code config.yaml} says the same as {@link #DEFAULTS}.
 *
 * @param services how a series' labels name its service
 * @param targets the services that may be acted on
 */
public record Config(
    Web web,
    IngestConfig ingest,
    Services services,
    Files signals,
    WatchConfig watch,
    DetectConfig detection,
    Models models,
    GroupingConfig incidents,
    Files patterns,
    Runbooks runbooks,
    List<TargetEntry> targets,
    PolicyConfig guardrails,
    Actions actions,
    NotifyConfig notifications,
    ConsoleConfig console) {

  public Config {
    var windows = new ArrayList<>(guardrails.windows());
    windows.addAll(guardrails.allowWindows());
    for (CronWindow window : windows) {
      window
          .problem()
          .ifPresent(problem -> {
            throw new IllegalArgumentException(
                "guardrails: window %s: %s".formatted(window.name(), problem));
          });
    }
    var names = new HashSet<String>();
    for (CalendarEntry calendar : guardrails.calendars()) {
      calendar
          .problem()
          .ifPresent(problem -> {
            throw new IllegalArgumentException("guardrails: " + problem);
          });
      if (!names.add(calendar.name())) {
        throw new IllegalArgumentException(
            "guardrails: two calendars are named %s".formatted(calendar.name()));
      }
    }
  }

  /** What no runbook may loosen or name that is not there. */
  public PolicyBounds bounds() {
    var channels = new TreeSet<String>();
    notifications.webhooks().forEach(one -> channels.add(one.name()));
    notifications.alertmanagers().forEach(one -> channels.add(one.name()));
    return guardrails.bounds().withChannels(channels);
  }

  /** What ships. */
  public static final Config DEFAULTS =
      new Config(
          Web.DEFAULTS,
          IngestConfig.DEFAULTS,
          Services.DEFAULTS,
          Files.DEFAULTS,
          WatchConfig.DEFAULTS,
          DetectConfig.DEFAULTS,
          Models.DEFAULTS,
          GroupingConfig.DEFAULTS,
          Files.DEFAULTS,
          Runbooks.DEFAULTS,
          List.of(),
          PolicyConfig.DEFAULTS,
          Actions.DEFAULTS,
          NotifyConfig.DEFAULTS,
          ConsoleConfig.DEFAULTS);

  /**
   * @param listenAddress host:port; port 0 takes any free one
   * @param writeTokenFile file with the bearer token that senders of remote write must show; empty:
   *     anyone who reaches the port may write
   * @param connectionsMax connections of all kinds; more are closed at once
   * @param firstRequestMs a connection that has asked nothing for so long after it was opened is
   *     closed
   */
  public record Web(
      String listenAddress, String writeTokenFile, int connectionsMax, long firstRequestMs) {
    public static final Web DEFAULTS = new Web("127.0.0.1:9642", "", 4096, 30_000);

    public Web {
      int colon = listenAddress.lastIndexOf(':');
      if (colon < 1
          || !listenAddress.substring(colon + 1).matches("\\d{1,5}")
          || port(listenAddress) > 65_535) {
        throw new IllegalArgumentException(
            "listen-address is \"%s\", wanted host:port such as 127.0.0.1:9642"
                .formatted(listenAddress));
      }
      if (connectionsMax < 8) {
        throw new IllegalArgumentException(
            "connections-max is %d, wanted at least 8".formatted(connectionsMax));
      }
      if (firstRequestMs < 100) {
        throw new IllegalArgumentException(
            "first-request-ms is %d, wanted at least 100".formatted(firstRequestMs));
      }
    }

    String host() {
      return listenAddress.substring(0, listenAddress.lastIndexOf(':')).replaceAll("^\\[|]$", "");
    }

    int port() {
      return port(listenAddress);
    }

    private static int port(String address) {
      return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
  }

  /**
   * @param rules asked in order, before the shipped ones
   * @param instanceLabels labels that name the copy of a service; empty: the shipped ones
   * @param shipped whether the shipped rules are asked after them
   */
  public record Services(List<Rule> rules, List<String> instanceLabels, boolean shipped) {
    static final Services DEFAULTS = new Services(List.of(), List.of(), true);

    ServiceRules toServiceRules() {
      var all = new ArrayList<ServiceRules.Rule>();
      for (Rule rule : rules) all.add(ServiceRules.Rule.of(rule.metric(), rule.name()));
      if (shipped) all.addAll(ServiceRules.DEFAULTS.rules());
      var instances =
          instanceLabels.isEmpty() ? ServiceRules.DEFAULTS.instanceLabels() : instanceLabels;
      return new ServiceRules(all, instances);
    }
  }

  /**
   * @param metric glob of the metric's name
   * @param name the service's name with labels in braces, such as {@code {namespace}/{pod:owner}}
   */
  public record Rule(String metric, String name) {
    static final Rule DEFAULTS = new Rule("*", "{job}");

    public Rule {
      ServiceRules.Rule.of(metric, name); // refuses what is no rule
    }
  }

  /**
   * Files of the operator's own, relative to the configuration's folder; read before the shipped
   * ones.
   */
  public record Files(List<String> files) {
    static final Files DEFAULTS = new Files(List.of());
  }

  /**
   * @param folder where the trained models lie, relative to the configuration's folder; empty:
   *     those that ship
   * @param judgeAnomalies whether a model decides if an anomaly of a gauge is worth a word; false:
   *     the detector's word stands
   */
  public record Models(String folder, boolean judgeAnomalies) {
    static final Models DEFAULTS = new Models("", false);
  }

  /**
   * @param files runbooks of the operator's own
   * @param shipped whether the shipped catalogue is loaded too
   * @param modes runbook name to observe, suggest or auto: the operator's word
   */
  public record Runbooks(List<String> files, boolean shipped, Map<String, String> modes) {
    static final Runbooks DEFAULTS = new Runbooks(List.of(), true, Map.of());

    public Runbooks {
      modes.forEach((name, mode) -> {
        if (!List.of("observe", "suggest", "auto").contains(mode)) {
          throw new IllegalArgumentException(
              "modes.%s is \"%s\", wanted observe, suggest or auto".formatted(name, mode));
        }
      });
    }
  }

  /** As {@link Target}, the way it is written in the file. */
  public record TargetEntry(
      String service,
      String kind,
      String role,
      String environment,
      boolean cacheOnly,
      String address,
      Map<String, String> labels) {
    static final TargetEntry DEFAULTS =
        new TargetEntry("?", "none", "stateless", "production", false, "", Map.of());

    public TargetEntry {
      if (service.isEmpty())
        throw new IllegalArgumentException("service is empty, wanted a service's name");
    }

    /** As the file would say it. */
    public static TargetEntry of(Target target) {
      return new TargetEntry(
          target.service(),
          target.kind(),
          target.role(),
          target.environment(),
          target.cacheOnly(),
          target.address(),
          target.labels());
    }

    Target toTarget() {
      return new Target(service, kind, role, environment, cacheOnly, address, labels);
    }
  }

  /** What the hands may reach: nothing that is not declared. */
  public record Actions(CommandConfig command, HttpConfig http) {
    static final Actions DEFAULTS = new Actions(CommandConfig.DEFAULTS, HttpConfig.DEFAULTS);
  }

  /** The same at another address. */
  public Config withListenAddress(String address) {
    return new Config(
        new Web(address, web.writeTokenFile(), web.connectionsMax(), web.firstRequestMs()),
        ingest,
        services,
        signals,
        watch,
        detection,
        models,
        incidents,
        patterns,
        runbooks,
        targets,
        guardrails,
        actions,
        notifications,
        console);
  }
}
