package io.prunella.notify;

import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells an Alertmanager (API v2). Notices about the same thing are one alert: its labels are those
 * of the first, so that an ended one resolves it. The alert stands for {@link #STANDING} unless it
 * is ended or told again. Any thread.
 */
public final class AlertmanagerNotifier implements Notifier {
  /**
   * Alertmanager would let an alert without an end lapse after its resolve timeout (5 m): people
   * decide slower.
   */
  static final Duration STANDING = Duration.ofHours(24);

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
    post.send(
        JSON.writeValueAsBytes(List.of(alert(notice))), Map.of("Content-Type", "application/json"));
  }

  private Map<String, Object> alert(Notice notice) {
    var labels = new TreeMap<>(notice.labels());
    labels.put("alertname", alertName(notice.kind()));
    labels.put("about", notice.about());
    labels.put("service", notice.service());
    labels.put("severity", notice.severity());
    labels.values().removeIf(String::isEmpty);
    String link = externalUrl + notice.path();
    Instant end = notice.ended() ? notice.at() : notice.at().plus(STANDING);
    var alert = new LinkedHashMap<String, Object>();
    alert.put("labels", labels);
    alert.put(
        "annotations",
        Map.of("summary", notice.title(), "description", notice.text(), "link", link));
    if (!notice.ended()) alert.put("startsAt", notice.at().toString());
    alert.put("endsAt", end.toString());
    alert.put("generatorURL", link);
    return alert;
  }

  /** {@code suggestion} is the alert {@code PrunellaSuggestion}. */
  private static String alertName(String kind) {
    return "Prunella" + kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
  }
}
