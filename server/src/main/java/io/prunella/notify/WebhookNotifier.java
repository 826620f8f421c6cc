package io.prunella.notify;

import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts a notice as a CloudEvents 1.0 event in JSON (structured mode), signed.
 *
 * <p>{@code X-Prunella-Signature: v1=} HMAC-SHA256 in hex of {@code v1:timestamp:body}, where
 * timestamp is the header {@code X-Prunella-Timestamp} (seconds since the epoch) and body the raw
 * bytes: a receiver refuses what is older than a few minutes. {@code X-Prunella-Delivery} is the
 * notice's id, the same on every retry: a receiver drops what it has had.
 */
final class WebhookNotifier implements Notifier {
  private static final String TYPE = "application/cloudevents+json; charset=utf-8";
  private final String name;
  private final URI url;
  private final byte[] secret;
  private final String externalUrl;
  private final Http http;
  private final InstantSource clock;
  private final JsonMapper json = JsonMapper.builder().build();

  WebhookNotifier(
      String name, URI url, byte[] secret, String externalUrl, Http http, InstantSource clock) {
    this.name = name;
    this.url = url;
    this.secret = secret.clone();
    this.externalUrl = externalUrl;
    this.http = http;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void send(Notice notice) throws IOException {
    byte[] body = json.writeValueAsBytes(event(notice));
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    http.send(
        HttpRequest.newBuilder()
            .header("Content-Type", TYPE)
            .header("User-Agent", "prunella")
            .header("X-Prunella-Delivery", notice.id())
            .header("X-Prunella-Timestamp", timestamp)
            .header("X-Prunella-Signature", "v1=" + signature(secret, timestamp, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
        url);
  }

  private LinkedHashMap<String, Object> event(Notice notice) {
    var data = new LinkedHashMap<String, Object>();
    data.put("kind", notice.kind());
    data.put("severity", notice.severity());
    data.put("about", notice.about());
    data.put("service", notice.service());
    data.put("title", notice.title());
    data.put("text", notice.text());
    data.put("url", externalUrl + notice.path());
    data.put("ended", notice.ended());
    data.put("labels", notice.labels());
    var event = new LinkedHashMap<String, Object>();
    event.put("specversion", "1.0");
    event.put("id", notice.id());
    event.put("source", externalUrl);
    event.put("type", "io.prunella.%s.v1".formatted(notice.kind()));
    event.put("subject", notice.about());
    event.put("time", notice.at().toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    return event;
  }

  static String signature(byte[] secret, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update("v1:%s:".formatted(timestamp).getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}
