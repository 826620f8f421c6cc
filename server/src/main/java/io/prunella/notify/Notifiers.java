package io.prunella.notify;

import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Makes the declared ways out. */
public final class Notifiers {
  private Notifiers() {}

  /**
   * In the configuration's order.
   *
   * @param folder what secret files are relative to
   * @throws IllegalArgumentException when one cannot work: it names the entry, what was seen and
   *     what was wanted
   */
  public static List<Notifier> of(
      NotifyConfig config, Path folder, String externalUrl, InstantSource wall) {
    var notifiers = new ArrayList<Notifier>();
    for (var webhook : config.webhooks()) {
      byte[] secret = secret(webhook, folder.resolve(webhook.secretFile()));
      notifiers.add(
          new WebhookNotifier(
              webhook.name(), webhook.url(), secret, externalUrl, config.timeout(), wall));
    }
    for (var alertmanager : config.alertmanagers()) {
      notifiers.add(
          new AlertmanagerNotifier(
              alertmanager.name(), alertmanager.url(), externalUrl, config.timeout()));
    }
    var names = new HashSet<String>();
    for (Notifier notifier : notifiers) {
      if (!names.add(notifier.name())) {
        throw new IllegalArgumentException(
            "notify: two entries are called \"%s\", wanted a name each".formatted(notifier.name()));
      }
    }
    return List.copyOf(notifiers);
  }

  private static byte[] secret(NotifyConfig.Webhook webhook, Path file) {
    try {
      return Files.readString(file).strip().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "notify %s: secret-file %s cannot be read (%s)"
              .formatted(webhook.name(), file, e.getMessage()),
          e);
    }
  }
}
