package io.prunella.notify;

import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts a notice as an alert, so that it takes the way to people that already exists. A notice that
 * is ended resolves every open alert about the same thing.
 *
 * <p>An alert is known by its labels, and the notice that ends it need not have the same severity
 * or kind: so the open alerts are asked for first, by {@code about} and by the console they link to
 * (two Prunellas may share one Alertmanager). Source: Alertmanager 0.25, {@code
 * api/v2/openapi.yaml}.
 */
final class AlertmanagerNotifier implements Notifier {
  private static final int ALERTS_MAX = 1_000;
  private final String name;
  private final String base;
  private final NotifyConfig config;
  private final Http http;
  private final InstantSource clock;
  private final JsonMapper json = JsonMapper.builder().build();

  AlertmanagerNotifier(String name, URI url, NotifyConfig config, Http http, InstantSource clock) {
    this.name = name;
    this.base = url.toString().replaceFirst("/+$", "") + "/api/v2/alerts";
    this.config = config;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void send(Notice notice) throws IOException {
    var alerts = notice.ended() ? ended(notice) : List.of(alert(notice));
    if (alerts.isEmpty()) return; // resolved by itself meanwhile, or never sent
    byte[] body = json.writeValueAsBytes(alerts);
    http.send(
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
        URI.create(base));
  }

  private Map<String, Object> alert(Notice notice) {
    var labels = new LinkedHashMap<String, String>();
    notice.labels().forEach((key, value) -> labels.put(key.replaceAll("\\W", "_"), value));
    labels.put("alertname", alertName(notice.kind()));
    labels.put("about", notice.about());
    labels.put("severity", notice.severity());
    // Two Prunellas may share one Alertmanager, and both count their approvals from 1.
    labels.put("prunella", URI.create(config.externalUrl()).getAuthority());
    if (!notice.service().isEmpty()) labels.put("service", notice.service());
    labels.values().removeIf(String::isEmpty); // an empty label is none, and is refused
    String link = config.externalUrl() + notice.path();
    Instant now = clock.instant();
    return Map.of(
        "labels",
        labels,
        "annotations",
        Map.of("summary", notice.title(), "description", notice.text(), "link", link),
        "startsAt",
        // What is still in the future for the receiver would not be shown.
        (notice.at().isAfter(now) ? now : notice.at()).toString(),
        "endsAt",
        now.plus(config.alertLasts()).toString(),
        "generatorURL",
        link);
  }

  /** {@code suggestion} is {@code PrunellaSuggestion}. */
  private static String alertName(String kind) {
    return "Prunella" + kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
  }

  private List<Map<String, Object>> ended(Notice notice) throws IOException {
    String filter =
        URLEncoder.encode(
            "about=\"%s\"".formatted(notice.about().replace("\\", "\\\\").replace("\"", "\\\"")),
            StandardCharsets.UTF_8);
    String answer =
        http.send(HttpRequest.newBuilder().GET(), URI.create(base + "?filter=" + filter));
    var ended = new ArrayList<Map<String, Object>>();
    try {
      for (JsonNode open : json.readTree(answer)) {
        if (!open.path("generatorURL").asString("").startsWith(config.externalUrl() + "/"))
          continue;
        if (!open.path("labels").path("alertname").asString("").startsWith("Prunella")) continue;
        if (ended.size() >= ALERTS_MAX) break; // the rest end by themselves
        ended.add(
            Map.of(
                "labels", json.convertValue(open.path("labels"), Map.class),
                "annotations", json.convertValue(open.path("annotations"), Map.class),
                "generatorURL", open.path("generatorURL").asString(),
                "endsAt", clock.instant().toString()));
      }
    } catch (JacksonException e) {
      throw new IOException("%s: its list of alerts is not JSON".formatted(name), e);
    }
    return ended;
  }
}
