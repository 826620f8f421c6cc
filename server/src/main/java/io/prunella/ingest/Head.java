package io.prunella.ingest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;

/**
 * What a request says before its body, besides {@link Negotiation}, and an answer before its own.
 */
final class Head {
  private Head() {}

  /** Where it comes from: a sender's name. Never a look-up. */
  static String address(HttpServerRequest http) {
    SocketAddress remote = http.remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "local" : address;
  }

  /** Bytes of its body; -1 when it does not say. */
  static long length(HttpServerRequest http) {
    String said = http.getHeader("Content-Length");
    if (said == null) return -1;
    try {
      return Long.parseLong(said.strip());
    } catch (NumberFormatException _) {
      return -1; // the server has its own opinion of it; what comes is counted anyway
    }
  }

  /** Says in an answer of remote write 2.0 what was written. */
  static void written(HttpServerResponse response, long samples, long histograms, long exemplars) {
    String prefix = "X-Prometheus-Remote-Write-";
    response.putHeader(prefix + "Samples-Written", Long.toString(samples));
    response.putHeader(prefix + "Histograms-Written", Long.toString(histograms));
    response.putHeader(prefix + "Exemplars-Written", Long.toString(exemplars));
  }
}
