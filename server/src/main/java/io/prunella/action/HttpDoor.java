package io.prunella.action;

import io.prunella.remediation.Outcome;
import io.prunella.runbook.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way out of every HTTP action: declared hosts only, no redirects, answers bounded in size and
 * in time. Any thread.
 */
final class HttpDoor {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final HttpConfig config;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_MAX)
          .build();

  HttpDoor(HttpConfig config) {
    this.config = config;
  }

  /** What is wrong with a path: what a label filled in must not lead out of the address. */
  static void path(String name, String path, List<String> problems) {
    boolean odd = !path.matches("/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*") || path.startsWith("//");
    if (odd || List.of(path.split("[/?]")).contains("..")) {
      problems.add(
          "%s is \"%s\", wanted a path that begins with one / and has no ..".formatted(name, path));
    }
  }

  /** The target's {@code host:port}, when it may be called. */
  String host(Target target, List<String> problems) {
    URI uri;
    try {
      uri = URI.create(target.address());
    } catch (IllegalArgumentException e) {
      problems.add("the target's address is no URI");
      return "";
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.matches("https?") || uri.getHost() == null || uri.getUserInfo() != null) {
      problems.add("the target's address wants the form http(s)://host:port/…, without a password");
      return "";
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    String host = uri.getHost() + ":" + port;
    if (!config.hosts().contains(host)) {
      problems.add("host %s is not declared in actions.http.hosts".formatted(host));
    }
    return host;
  }

  /**
   * A request with its key, and the token of its host.
   *
   * @throws IOException when the token cannot be read; nothing has been sent then
   */
  HttpRequest.Builder request(Target target, String host, String path, String key, Duration timeout)
      throws IOException {
    String base = target.address().replaceFirst("/+$", "");
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(timeout)
            .header("User-Agent", "prunella");
    if (!key.isEmpty()) request.header("Idempotency-Key", key);
    String tokenFile = config.tokenFiles().get(host);
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + Files.readString(Path.of(tokenFile)).strip());
    }
    return request;
  }

  /** What its target must not be heard to say: the token that it was sent. */
  static List<String> secrets(HttpRequest request) {
    return request.headers().allValues("Authorization").stream()
        .map(value -> value.substring("Bearer ".length()))
        .toList();
  }

  /**
   * What an answer that does not say yes comes to. A gateway or a crash half-way: the work may have
   * been done. 501 and 503 are refusals.
   */
  static Outcome unwell(int status, String said) {
    boolean refused = status / 100 != 5 || status == 501 || status == 503;
    return refused ? new Outcome.Failed(said) : new Outcome.Unknown(said);
  }

  /** What no answer comes to: where there was no connection nothing was sent. */
  static Outcome unanswered(IOException why, String where) {
    return why instanceof ConnectException
            || why instanceof HttpConnectTimeoutException
            || why instanceof UnknownHostException
        ? new Outcome.Failed("%s cannot be reached".formatted(where))
        : new Outcome.Unknown("no answer: %s".formatted(String.valueOf(why.getMessage())));
  }

  /** The deadline holds for the whole answer: a body that trickles for ever ends as well. */
  HttpResponse<String> send(HttpRequest request, Duration timeout) throws IOException {
    return send(request, timeout, new FirstBytes(config.answerBytesMax()));
  }

  /**
   * The same, with what takes the answer in.
   *
   * @param answer of this one sending
   */
  HttpResponse<String> send(HttpRequest request, Duration timeout, FirstBytes answer)
      throws IOException {
    var coming = client.sendAsync(request, _ -> answer);
    try {
      return coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) throw io;
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new IOException("none within %d s".formatted(timeout.toSeconds()), e);
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("given up while waiting", e);
    }
  }
}
