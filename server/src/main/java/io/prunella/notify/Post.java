package io.prunella.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests to one declared address, bounded in time; a POST counts by its status, a read by its
 * body. Any thread.
 */
final class Post {
  private static final int ANSWER_BYTES_MAX = 4 << 20;
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
    var request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    exchange(request, HttpResponse.BodyHandlers.discarding());
  }

  /** What stands there, read up to a limit. */
  byte[] read(String query) throws IOException {
    var request = HttpRequest.newBuilder(URI.create(uri + query)).GET();
    return exchange(
        request,
        HttpResponse.BodyHandlers.limiting(
            HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
  }

  /** The time is for all of it: an answer that trickles for ever ends as well. */
  private <T> T exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    var coming =
        client.sendAsync(request.timeout(timeout).header("User-Agent", "prunella").build(), body);
    try {
      var answer = coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() / 100 == 2) return answer.body();
      throw new IOException("%s answered %d, wanted 2xx".formatted(uri, answer.statusCode()));
    } catch (ExecutionException e) {
      throw new IOException("%s: %s".formatted(uri, String.valueOf(e.getCause())), e.getCause());
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new IOException("%s gave no answer within %s".formatted(uri, timeout), e);
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending to " + uri, e);
    }
  }
}
