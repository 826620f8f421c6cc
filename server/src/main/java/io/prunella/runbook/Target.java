package io.prunella.runbook;

import java.util.Map;

/**
 * What a runbook may act on: a service as the operator declared it (config {@code services:}).
 *
 * @param service the service's name
 * @param kind typed target: {@code redis}, {@code postgres}, {@code simulated}, {@code command},
 *     {@code http}, … ; the prefix of the actions that fit
 * @param role {@code stateless}, {@code cache}, {@code database}, {@code queue}, …
 * @param environment {@code production} unless declared otherwise: the unknown is treated as
 *     production
 * @param cacheOnly true when losing its data is harmless by the operator's word
 * @param address where its action reaches it: a URI; empty when the kind needs none
 * @param labels what else was declared
 */
public record Target(
    String service,
    String kind,
    String role,
    String environment,
    boolean cacheOnly,
    String address,
    Map<String, String> labels) {
  public Target {
    labels = Map.copyOf(labels);
  }

  /** True when the environment is production, also when nobody has said so. */
  public boolean isProduction() {
    return environment.isEmpty() || environment.startsWith("prod");
  }
}
