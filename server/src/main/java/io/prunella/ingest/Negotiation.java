package io.prunella.ingest;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say its body is. Parameters are read as RFC 9110, 5.6.6 has them.
 */
enum Negotiation {
  V1,
  V2,
  UNSUPPORTED;

  /** By Content-Type; missing or without {@code proto} it is remote write 1.0. */
  static Negotiation of(@Nullable String contentType) {
    if (contentType == null || contentType.isBlank()) return V1;
    String[] parts = contentType.split(";", -1);
    if (!parts[0].strip().toLowerCase(Locale.ROOT).equals("application/x-protobuf")) {
      return UNSUPPORTED;
    }
    Negotiation meant = V1;
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0) continue;
      if (!parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT).equals("proto")) continue;
      String value = parts[i].substring(equals + 1).strip();
      if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
        value = value.substring(1, value.length() - 1);
      }
      meant =
          switch (value) {
            case "prometheus.WriteRequest" -> V1;
            case "io.prometheus.write.v2.Request" -> V2;
            default -> UNSUPPORTED;
          };
      if (meant == UNSUPPORTED) return UNSUPPORTED;
    }
    return meant;
  }

  /** Why the body of a request that says this cannot be read, by its headers; null when it can. */
  @Nullable String whyNot(HttpServerRequest http) {
    String encoding = http.getHeader("Content-Encoding");
    if (!isSnappy(encoding)) return "Content-Encoding is %s, wanted snappy".formatted(encoding);
    if (this != UNSUPPORTED) return null;
    return "Content-Type is %s, wanted application/x-protobuf, with proto=prometheus.WriteRequest or proto=io.prometheus.write.v2.Request"
        .formatted(http.getHeader("Content-Type"));
  }

  /** Snappy is the only encoding; missing means it. */
  private static boolean isSnappy(@Nullable String contentEncoding) {
    return contentEncoding == null
        || contentEncoding.isBlank()
        || contentEncoding.strip().equalsIgnoreCase("snappy");
  }
}
