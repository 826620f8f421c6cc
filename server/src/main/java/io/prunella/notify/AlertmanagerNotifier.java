package io.prunella.notify;

import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an Alertmanager (API v2). The alert stands for {@link #STANDING} unless it is ended or told
 * again. Any thread.
 *
 * <p>Alertmanager knows an alert by its labels, and the notice that ends a matter may have another
 * kind or severity than the one that began it. So an ended notice asks which alerts of this console
 * are open about the same thing, and resolves each of them with its own labels.
 */
public final class AlertmanagerNotifier implements Notifier {
  /**
   * Alertmanager would let an alert without an end lapse after its resolve timeout (5 m): people
   * decide slower.
   */
  static final Duration STANDING = Duration.ofHours(24);

  private static final int ALERTS_MAX = 1_000;
  private static final JsonMapper JSON = new JsonMapper();
  private final String name;
  private final Post post;
  private final String externalUrl;

  /**
   * @param url the Alertmanager's base address
   * @param externalUrl where people reach the console, for links
   */
  public AlertmanagerNotifier(String name, String url, String externalUrl, Duration timeout) {
    this.name = name;
    this.post = new Post(name, url.replaceAll("/+$", "") + "/api/v2/alerts", timeout);
    this.externalUrl = externalUrl;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void send(Notice notice) throws IOException {
    var alerts = notice.ended() ? ended(notice) : List.of(alert(notice));
    if (alerts.isEmpty()) return; // ended by itself meanwhile, or never told
    post.send(JSON.writeValueAsBytes(alerts), Map.of("Content-Type", "application/json"));
  }

  private List<Map<String, Object>> ended(Notice notice) throws IOException {
    String about = notice.about().replace("\\", "\\\\").replace("\"", "\\\"");
    String filter = URLEncoder.encode("about=\"%s\"".formatted(about), StandardCharsets.UTF_8);
    var ended = new ArrayList<Map<String, Object>>();
    try {
      for (JsonNode open : JSON.readTree(post.read("?filter=" + filter))) {
        String link = open.path("generatorURL").asString("");
        String began = open.path("startsAt").asString("");
        if (!link.startsWith(externalUrl + "/") || ended.size() >= ALERTS_MAX) continue;
        var alert = new LinkedHashMap<String, Object>();
        alert.put("labels", open.path("labels"));
        alert.put("annotations", open.path("annotations"));
        alert.put("generatorURL", link);
        // An end before the beginning is refused.
        Instant beganAt = began.isEmpty() ? notice.at() : Instant.parse(began);
        alert.put("endsAt", (notice.at().isAfter(beganAt) ? notice.at() : beganAt).toString());
        ended.add(alert);
      }
    } catch (JacksonException | DateTimeParseException e) {
      throw new IOException("%s: its list of alerts cannot be read".formatted(name), e);
    }
    return ended;
  }

  private Map<String, Object> alert(Notice notice) {
    var labels = new TreeMap<String, String>();
    // Label names of Alertmanager 0.25 are letters, digits and _; it refuses the whole post
    // otherwise.
    notice.labels().forEach((key, value) -> labels.put(key.replaceAll("\\W", "_"), value));
    labels.put("alertname", alertName(notice.kind()));
    labels.put("about", notice.about());
    labels.put("service", notice.service());
    labels.put("severity", notice.severity());
    labels.values().removeIf(String::isEmpty);
    String link = externalUrl + notice.path();
    // Two Prunellas may share one Alertmanager, and each counts its approvals from 1.
    labels.put("prunella", externalUrl.replaceFirst("^https?://", ""));
    Instant end = notice.at().plus(STANDING);
    var alert = new LinkedHashMap<String, Object>();
    alert.put("labels", labels);
    alert.put(
        "annotations",
        Map.of("summary", notice.title(), "description", notice.text(), "link", link));
    alert.put("startsAt", notice.at().toString());
    alert.put("endsAt", end.toString());
    alert.put("generatorURL", link);
    return alert;
  }

  /** {@code suggestion} is the alert {@code PrunellaSuggestion}. */
  private static String alertName(String kind) {
    return "Prunella" + kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
  }
}
