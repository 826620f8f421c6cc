package io.prunella.notify;

import java.time.Duration;
import java.util.List;

/**
 * Who is told.
 *
 * @param externalUrl where people reach the console, for links; without a slash at its end
 * @param timeout of one sending
 * @param alertLasts how long an alert stays open in Alertmanager when nobody ends it
 */
public record NotifyConfig(
    String externalUrl,
    Duration timeout,
    Duration alertLasts,
    List<Webhook> webhooks,
    List<Alertmanager> alertmanagers) {
  public static final NotifyConfig DEFAULTS =
      new NotifyConfig(
          "http://127.0.0.1:9642",
          Duration.ofSeconds(10),
          Duration.ofDays(1),
          List.of(),
          List.of());

  public NotifyConfig {
    webhooks = List.copyOf(webhooks);
    alertmanagers = List.copyOf(alertmanagers);
  }

  /**
   * A receiver of signed events.
   *
   * @param name unique among all channels
   * @param secretFile file of the secret that signs; at least 16 characters
   */
  public record Webhook(String name, String url, String secretFile) {}

  /**
   * An Alertmanager.
   *
   * @param name unique among all channels
   * @param url its base address, e.g. {@code http://alertmanager:9093}
   */
  public record Alertmanager(String name, String url) {}
}
