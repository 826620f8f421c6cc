package io.prunella.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server's API, as the commands use it. One thread. */
final class Client {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String url;
  private final String token;

  /**
   * @param url scheme, host and port
   * @param token may be empty; the server then says what is wanted
   * @throws Failure when the address is none
   */
  Client(String url, String token) {
    String bare = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    if (!bare.matches("https?://[^/\\s]+(/[^\\s]*)?")) {
      throw new Failure(
          Exit.WRONG_USE, "the url is \"%s\", wanted http://HOST:PORT".formatted(url));
    }
    this.url = bare + "/api/v1";
    this.token = token;
  }

  JsonObject get(String path) {
    return json(send(request(path).GET().build()));
  }

  JsonObject post(String path, JsonObject body) {
    return json(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build()));
  }

  /** The answer as it comes, not kept in memory; for exports. */
  InputStream stream(String path) {
    try {
      HttpResponse<InputStream> answer =
          http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
      if (answer.statusCode() >= 300)
        throw refused(
            answer.statusCode(), new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
      return answer.body();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.INTERRUPTED, "interrupted");
    }
  }

  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(ANSWER)
            .header("Accept", "application/json");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 300) throw refused(answer.statusCode(), answer.body());
      return answer;
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.INTERRUPTED, "interrupted");
    }
  }

  private Failure unreachable(IOException e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Failure(Exit.NOT_REACHED, "cannot reach %s: %s".formatted(url, why));
  }

  private static Failure refused(int status, String body) {
    int exit =
        switch (status) {
          case 401, 403 -> Exit.NOT_ALLOWED;
          case 409, 410 -> Exit.CONFLICT;
          case 404 -> Exit.NOT_FOUND;
          default -> Exit.FAILED;
        };
    JsonObject json = parsed(body);
    if (json == null) return new Failure(exit, "the server answered %d".formatted(status));
    var text = new StringBuilder(json.getString("message", "the server answered " + status));
    if (json.getString("seen") != null)
      text.append(" Seen: ").append(json.getString("seen")).append('.');
    if (json.getString("wanted") != null)
      text.append(" Wanted: ").append(json.getString("wanted")).append('.');
    return new Failure(exit, text.toString());
  }

  private static JsonObject json(HttpResponse<String> answer) {
    JsonObject json = parsed(answer.body());
    if (json == null)
      throw new Failure(Exit.FAILED, "the answer is no JSON object; is this a Prunella server?");
    return json;
  }

  private static @Nullable JsonObject parsed(String body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException e) {
      return null; // told by the callers, each in its own words
    }
  }
}
