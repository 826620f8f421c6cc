package io.prunella.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * One POST of a JSON body, bounded in time; the answer counts by its status, its body is not read.
 * Any thread.
 */
final class Post {
  private final HttpClient client;
  private final URI uri;
  private final Duration timeout;

  /**
   * @throws IllegalArgumentException when {@code url} is not a whole http or https address
   */
  Post(String name, String url, Duration timeout) {
    this.timeout = timeout;
    this.uri = uri(name, url);
    // A redirect would carry the body to a host that nobody has declared.
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static URI uri(String name, String url) {
    try {
      URI uri = URI.create(url);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) return uri;
    } catch (IllegalArgumentException e) {
      // said below, with what was wanted
    }
    throw new IllegalArgumentException(
        "notify %s: url is \"%s\", wanted http(s)://host[:port]/path".formatted(name, url));
  }

  /** Sends it; any answer but 2xx is a failure that names the status. */
  void send(byte[] body, Map<String, String> headers) throws IOException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("User-Agent", "prunella")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 != 2) {
        throw new IOException("%s answered %d, wanted 2xx".formatted(uri, status));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending to " + uri, e);
    }
  }
}
