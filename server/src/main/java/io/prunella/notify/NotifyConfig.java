package io.prunella.notify;

import java.time.Duration;
import java.util.List;

/**
 * Ways out to people besides the console.
 *
 * @param timeout the most that one attempt may take
 */
public record NotifyConfig(
    Duration timeout, List<Webhook> webhooks, List<Alertmanager> alertmanagers) {
  public static final NotifyConfig DEFAULTS =
      new NotifyConfig(Duration.ofSeconds(10), List.of(), List.of());

  public NotifyConfig {
    webhooks = List.copyOf(webhooks);
    alertmanagers = List.copyOf(alertmanagers);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "notify.timeout is %s, wanted more than 0".formatted(timeout));
    }
  }

  /**
   * A receiver of signed events.
   *
   * @param name for messages
   * @param url http or https, whole
   * @param secretFile file with the key of the signature, relative to the configuration's folder
   */
  public record Webhook(String name, String url, String secretFile) {}

  /**
   * An Alertmanager, version 0.22 or later.
   *
   * @param name for messages
   * @param url its base address, such as {@code http://127.0.0.1:9093}
   */
  public record Alertmanager(String name, String url) {}
}
