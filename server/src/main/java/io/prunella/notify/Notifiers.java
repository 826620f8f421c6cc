package io.prunella.notify;

import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Makes the channels that configuration names. */
public final class Notifiers {
  private static final int SECRET_CHARS_MIN = 16;

  private Notifiers() {}

  /**
   * All channels, webhooks first.
   *
   * @param folder what secret files are relative to
   * @param clock for timestamps of signatures and ends of alerts: the wall clock, also where the
   *     rest of the server lives in simulated time
   * @throws IllegalArgumentException when a name comes twice, an address is none, or a secret
   *     cannot be read or is too short; the message names which
   */
  public static List<Notifier> open(NotifyConfig config, Path folder, InstantSource clock) {
    var notifiers = new ArrayList<Notifier>();
    var http = new Http(config.timeout());
    for (var webhook : config.webhooks()) {
      var url = address(webhook.name(), webhook.url());
      byte[] secret = secret(webhook.name(), folder.resolve(webhook.secretFile()));
      notifiers.add(
          new WebhookNotifier(webhook.name(), url, secret, config.externalUrl(), http, clock));
    }
    for (var alertmanager : config.alertmanagers()) {
      var url = address(alertmanager.name(), alertmanager.url());
      notifiers.add(new AlertmanagerNotifier(alertmanager.name(), url, config, http, clock));
    }
    var names = new HashSet<String>();
    for (Notifier notifier : notifiers) {
      if (!names.add(notifier.name())) {
        throw new IllegalArgumentException(
            "notify: two channels are named %s; each wants its own name"
                .formatted(notifier.name()));
      }
    }
    return List.copyOf(notifiers);
  }

  private static URI address(String name, String url) {
    try {
      var uri = URI.create(url);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null) return uri;
    } catch (IllegalArgumentException e) {
      // told below, in the same words
    }
    throw new IllegalArgumentException(
        "notify: %s has the url \"%s\", wanted http(s)://host:port/… without a password"
            .formatted(name, url));
  }

  private static byte[] secret(String name, Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (secret.length() >= SECRET_CHARS_MIN) return secret.getBytes(StandardCharsets.UTF_8);
      throw new IllegalArgumentException(
          "notify: the secret of %s in %s has %d characters, at least %d are wanted"
              .formatted(name, file, secret.length(), SECRET_CHARS_MIN));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "notify: the secret of %s cannot be read from %s".formatted(name, file), e);
    }
  }
}
