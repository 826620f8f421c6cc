package io.prunella.notify;

import io.prunella.remediation.Notice;
import io.prunella.remediation.Notifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends notices as CloudEvents 1.0 in structured JSON, signed: {@code X-Prunella-Signature: v1=HEX}
 * is the HMAC-SHA256 of {@code X-Prunella-Timestamp}, a dot and the raw body. The timestamp is the
 * sending's, so that a receiver can refuse what is old; {@code X-Prunella-Delivery} is the same on
 * every retry, so that it can drop what it has. Any thread.
 */
public final class WebhookNotifier implements Notifier {
  private static final JsonMapper JSON = new JsonMapper();
  private final String name;
  private final Post post;
  private final byte[] secret;
  private final String externalUrl;
  private final InstantSource wall;

  /**
   * @param secret key of the signature, at least 16 bytes
   * @param externalUrl where people reach the console, for links
   * @param wall the time that receivers have
   */
  public WebhookNotifier(
      String name,
      String url,
      byte[] secret,
      String externalUrl,
      Duration timeout,
      InstantSource wall) {
    if (secret.length < 16) {
      throw new IllegalArgumentException(
          "notify %s: the secret has %d bytes, wanted at least 16".formatted(name, secret.length));
    }
    this.name = name;
    this.post = new Post(name, url, timeout);
    this.secret = secret.clone();
    this.externalUrl = externalUrl;
    this.wall = wall;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void send(Notice notice) throws IOException {
    byte[] body = JSON.writeValueAsBytes(event(notice));
    String timestamp = Long.toString(wall.instant().getEpochSecond());
    post.send(
        body,
        Map.of(
            "Content-Type",
            "application/cloudevents+json; charset=utf-8",
            "X-Prunella-Delivery",
            notice.id(),
            "X-Prunella-Timestamp",
            timestamp,
            "X-Prunella-Signature",
            "v1=" + signature(secret, timestamp, body)));
  }

  private Map<String, Object> event(Notice notice) {
    var data = new LinkedHashMap<String, Object>();
    data.put("kind", notice.kind());
    data.put("severity", notice.severity());
    data.put("about", notice.about());
    data.put("service", notice.service());
    data.put("title", notice.title());
    data.put("text", notice.text());
    data.put("link", externalUrl + notice.path());
    data.put("ended", notice.ended());
    data.put("labels", notice.labels());
    var event = new LinkedHashMap<String, Object>();
    event.put("specversion", "1.0");
    event.put("id", notice.id());
    event.put("source", externalUrl);
    event.put("type", "io.prunella." + notice.kind() + (notice.ended() ? ".ended" : ""));
    event.put("subject", notice.about());
    event.put("time", notice.at().toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    return event;
  }

  /** What {@code X-Prunella-Signature} holds behind {@code v1=}. */
  static String signature(byte[] secret, String timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(timestamp.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) '.');
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every Java", e);
    }
  }
}
