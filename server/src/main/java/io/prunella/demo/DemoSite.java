package io.prunella.demo;

import io.prunella.runbook.Target;
import io.prunella.server.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo's configuration as an operator of that company would have written it. */
final class DemoSite {
  private static final List<String> RUNBOOKS =
      List.of(
          "archive-logs.yaml",
          "restart-crashing.yaml",
          "restart-leaking.yaml",
          "roll-back-deploy.yaml",
          "scale-out-surge.yaml",
          "trim-cache.yaml");

  private DemoSite() {}

  /** Its services have names that are unique without their namespace, as its traces name them. */
  static final List<Config.Rule> SERVICE_RULES =
      List.of(
          new Config.Rule("traces_service_graph_*", "{server}"),
          new Config.Rule("*", "{deployment}"),
          new Config.Rule("*", "{pod:owner}"),
          new Config.Rule("*", "{service}"),
          new Config.Rule("*", "{job}"));

  /** All its services are declared. The cache holds nothing that is not elsewhere. */
  static List<Target> targets() {
    return Company.SERVICES.stream()
        .map(spec ->
            new Target(
                spec.name(),
                "simulated",
                spec.role(),
                "production",
                spec.role().equals("cache"),
                "",
                Map.of("team", "larkway-platform")))
        .toList();
  }

  /** Its runbooks: file name to YAML. */
  static Map<String, String> runbooks() {
    var all = new LinkedHashMap<String, String>();
    for (String name : RUNBOOKS) {
      try (InputStream in = DemoSite.class.getResourceAsStream("runbooks/" + name)) {
        if (in == null) throw new IllegalStateException("runbook %s is not packed".formatted(name));
        all.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }
}
