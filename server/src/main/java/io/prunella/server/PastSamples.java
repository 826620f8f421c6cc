package io.prunella.server;

import io.prunella.series.Labels;
import io.prunella.signal.Meaning;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus' history over its HTTP API: raw samples, as a range selector in an instant query
 * gives them, read while they come. One thread. What cannot be read is an {@link Unreadable}.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a>
 */
public final class PastSamples {
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final int MESSAGE_BYTES = 1000;

  /** Takes samples, of one series in order of time. */
  @FunctionalInterface
  public interface Sink {
    void take(Labels labels, long timeMs, double value) throws InterruptedException;
  }

  /** A history that was not given, in a sentence for who asked for it. */
  public static final class Unreadable extends RuntimeException {
    /** Whose fault it is. */
    public enum Why {
      /** Nobody answers there. */
      AWAY,
      /** Another token is wanted. */
      FORBIDDEN,
      /** It says no, or what it says cannot be understood. */
      REFUSED
    }

    private static final long serialVersionUID = 1;
    private final Why why;

    private Unreadable(Why why, String message) {
      super(message, null, false, false); // told to a person, not to a debugger
      this.why = why;
    }

    public Why why() {
      return why;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String url;
  private final String token;
  private final String matchers;

  /**
   * @param url scheme, host, port and path prefix
   * @param token bearer token, or empty
   * @param matchers as in a selector's braces, or empty for all series
   * @throws IllegalArgumentException when the URL is none
   */
  public PastSamples(String url, String token, String matchers) {
    if (!isAddress(url)) {
      throw new IllegalArgumentException(
          "a Prometheus' address is \"%s\", wanted http://HOST:PORT".formatted(url));
    }
    this.url = (url.endsWith("/") ? url : url + "/") + "api/v1/";
    this.token = token;
    this.matchers = matchers;
  }

  /** Whether this may be the address of a Prometheus. */
  public static boolean isAddress(String url) {
    return url.matches("https?://[^/\\s]+(/[^\\s]*)?");
  }

  /** The labels that this Prometheus puts onto whatever it writes to others. */
  public Map<String, String> externalLabels() throws InterruptedException {
    var labels = new TreeMap<String, String>();
    try (InputStream in = post("status/config", "")) {
      JsonParser json = JsonMapper.shared().createParser(in);
      while (json.nextToken() != null) {
        if (json.currentToken() != JsonToken.PROPERTY_NAME || !json.currentName().equals("yaml")) {
          continue;
        }
        json.nextToken();
        var problems = new Problems("the configuration of " + url);
        var map = YamlMap.parse("prometheus.yml", json.getString(), problems);
        if (map.has("global")) {
          YamlMap global = map.map("global");
          if (global.has("external_labels")) labels.putAll(global.textMap("external_labels"));
        }
        problems.throwIfAny();
      }
    } catch (IOException | JacksonException e) {
      throw broken(e);
    }
    return labels;
  }

  /** The metrics that have samples in a span of time; some more that have none, too. */
  public List<String> metrics(Instant from, Instant to) throws InterruptedException {
    var names = new ArrayList<String>();
    String form = "start=%d&end=%d".formatted(from.getEpochSecond(), to.getEpochSecond());
    if (!matchers.isEmpty()) {
      // Of matchers that all hold for what is absent, such as env!="dev", no selector may be made.
      form += "&match[]=" + coded("{__name__!=\"\",%s}".formatted(matchers));
    }
    boolean isAnswer = false;
    try (InputStream in = get("label/__name__/values?" + form)) {
      JsonParser json = JsonMapper.shared().createParser(in);
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.PROPERTY_NAME && json.currentName().equals("data")) {
          isAnswer = true;
          if (json.nextToken() != JsonToken.START_ARRAY) continue;
          while (json.nextToken() == JsonToken.VALUE_STRING) names.add(json.getString());
        }
      }
    } catch (IOException | JacksonException e) {
      throw broken(e);
    }
    if (!isAnswer) {
      throw new Unreadable(
          Unreadable.Why.REFUSED,
          "what %s answers is not what a Prometheus does: there is no \"data\"".formatted(url));
    }
    return names;
  }

  /**
   * The types of metrics, as those who expose them tell; of what is not scraped any more nothing is
   * known. Empty where a server has no such thing.
   */
  public Map<String, Meaning.Type> types() throws InterruptedException {
    var types = new TreeMap<String, Meaning.Type>();
    try (InputStream in = get("metadata")) {
      JsonNode data = JsonMapper.shared().readTree(in).path("data");
      for (var metric : data.properties()) {
        Meaning.Type type =
            switch (metric.getValue().path(0).path("type").asString("")) {
              case "counter" -> Meaning.Type.COUNTER;
              case "gauge", "gaugehistogram", "stateset" -> Meaning.Type.GAUGE;
              case "info" -> Meaning.Type.INFO;
              // Of histograms and summaries the series' suffixes say more.
              default -> null;
            };
        if (type != null) types.put(metric.getKey(), type);
      }
    } catch (IOException | JacksonException e) {
      throw broken(e);
    } catch (Unreadable e) {
      if (e.why() != Unreadable.Why.REFUSED) throw e;
      return Map.of(); // no such thing there
    }
    return types;
  }

  /**
   * Reads all samples of a metric after {@code from} up to {@code to}. What is too much for one
   * query is asked for in halves.
   *
   * @param onto labels that are added where a series has none of that name
   */
  public void read(String metric, Instant from, Instant to, Map<String, String> onto, Sink sink)
      throws InterruptedException {
    long seconds = Math.max(1, Duration.between(from, to).toSeconds());
    String quoted = metric.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String query =
        "{__name__=\"%s\"%s%s}[%ds]"
            .formatted(quoted, matchers.isEmpty() ? "" : ",", matchers, seconds);
    try (InputStream in =
        post("query", "query=%s&time=%d".formatted(coded(query), to.getEpochSecond()))) {
      JsonParser json = JsonMapper.shared().createParser(in);
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.PROPERTY_NAME && json.currentName().equals("result")) {
          if (json.nextToken() == JsonToken.START_ARRAY)
            result(json, onto, from.toEpochMilli(), sink);
        }
      }
    } catch (TooMuch e) {
      if (seconds <= LEAST.toSeconds()) throw new Unreadable(Unreadable.Why.REFUSED, e.why);
      Instant middle = from.plusSeconds(seconds / 2);
      read(metric, from, middle, onto, sink);
      read(metric, middle, to, onto, sink);
    } catch (IOException | JacksonException e) {
      throw broken(e);
    }
  }

  private static void result(JsonParser json, Map<String, String> onto, long after, Sink sink)
      throws InterruptedException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      var names = new TreeMap<String, String>(onto);
      Labels labels = Labels.EMPTY;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "metric" -> {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
              String name = json.currentName();
              json.nextToken();
              names.put(name, json.getString());
            }
            labels = Labels.of(names);
          }
          case "values" -> values(json, labels, after, sink);
          default -> json.skipChildren(); // native histograms: the API gives no raw ones
        }
      }
    }
  }

  /** Pairs of seconds and a value as text. */
  private static void values(JsonParser json, Labels labels, long after, Sink sink)
      throws InterruptedException {
    while (json.nextToken() == JsonToken.START_ARRAY) {
      json.nextToken();
      long timeMs = Math.round(json.getDoubleValue() * 1000);
      json.nextToken();
      String text = json.getString();
      double value =
          switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
          };
      json.nextToken();
      if (timeMs > after) sink.take(labels, timeMs, value); // up to 2.x a range has both its ends
    }
  }

  /** The query asks for more than the server gives at once. */
  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String why;

    TooMuch(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  private InputStream get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  private InputStream post(String path, String form) throws InterruptedException {
    if (form.isEmpty()) return get(path);
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private InputStream send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<InputStream> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() == 200) return answer.body();
      String why;
      try (InputStream body = answer.body()) {
        why = new String(body.readNBytes(MESSAGE_BYTES), StandardCharsets.UTF_8).strip();
      }
      String told = "%s answered %d: %s".formatted(url, answer.statusCode(), why);
      if (answer.statusCode() == 422 && why.contains("too many samples")) throw new TooMuch(told);
      boolean isForbidden = answer.statusCode() == 401 || answer.statusCode() == 403;
      throw new Unreadable(isForbidden ? Unreadable.Why.FORBIDDEN : Unreadable.Why.REFUSED, told);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new Unreadable(Unreadable.Why.AWAY, "cannot reach %s: %s".formatted(url, why));
    }
  }

  private Unreadable broken(Exception e) {
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new Unreadable(
        Unreadable.Why.REFUSED,
        "the answer of %s breaks off or is no Prometheus': %s".formatted(url, why));
  }

  private static String coded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
