package io.prunella.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to declared addresses: no redirects, one deadline for all of it, bounded answers. */
final class Http {
  private static final int ANSWER_BYTES_MAX = 4 << 20;
  private static final int SAID_CHARS_MAX = 200;
  private final Duration timeout;
  private final HttpClient client;

  Http(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * Sends it and wants a 2xx.
   *
   * @return the answer's body
   * @throws IOException when it did not get through, or was answered otherwise
   */
  String send(HttpRequest.Builder request, URI url) throws IOException {
    var coming =
        client.sendAsync(
            request.uri(url).timeout(timeout).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      var answer = coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      String body = new String(answer.body(), StandardCharsets.UTF_8);
      if (answer.statusCode() / 100 == 2) return body;
      String said = body.replaceAll("\\s+", " ").strip();
      throw new IOException(
          "%s answered %d %s"
              .formatted(
                  url.getAuthority(),
                  answer.statusCode(),
                  said.substring(0, Math.min(said.length(), SAID_CHARS_MAX))));
    } catch (ExecutionException e) {
      throw new IOException(
          "%s: %s".formatted(url.getAuthority(), String.valueOf(e.getCause())), e.getCause());
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new IOException(
          "%s gave no answer within %d s".formatted(url.getAuthority(), timeout.toSeconds()), e);
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("given up while waiting for " + url.getAuthority(), e);
    }
  }
}
