package io.prunella.train;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prunella.train.ShopPast.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers as a Prometheus does what is asked of its history, over HTTP. */
final class PastServer implements AutoCloseable {
  private static final Pattern QUERY = Pattern.compile("(\\{.*\\})\\[(\\d+)s\\]");

  /** A label that is, or is not, a text: of what a selector may be no more is known here. */
  private record Equals(String label, boolean isNot, String text) {
    private static final Pattern FORM = Pattern.compile("(\\w+)(!?)=\"([^\"]*)\"");

    boolean holds(Map<String, String> labels) {
      return labels.getOrDefault(label, "").equals(text) != isNot;
    }

    /**
     * Those of a selector.
     *
     * @throws IllegalArgumentException when it is none, or may match a series without labels
     */
    static List<Equals> of(String selector) {
      if (!selector.matches("\\{%1$s(,%1$s)*\\}".formatted(FORM))) {
        throw new IllegalArgumentException("cannot parse " + selector);
      }
      var all =
          FORM.matcher(selector)
              .results()
              .map(one -> new Equals(one.group(1), !one.group(2).isEmpty(), one.group(3)))
              .toList();
      if (all.stream().allMatch(one -> one.holds(Map.of()))) {
        throw new IllegalArgumentException("match[] must contain at least one non-empty matcher");
      }
      return all;
    }
  }

  static {
    // Else each answer waits for the other side's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final List<Line> lines;
  private final HttpServer server;
  final AtomicInteger queries = new AtomicInteger();

  /** Queries that are answered; later ones are 503. */
  volatile int queriesMax = Integer.MAX_VALUE;

  /** Samples that one query may load. */
  volatile int samplesMax = Integer.MAX_VALUE;

  /** Whether metrics are named whatever the time, as those of a block are. */
  volatile boolean namesAlways;

  /** What must be shown; empty: nothing. */
  volatile String token = "";

  /** Types of metrics, as its metadata tell them. */
  volatile Map<String, String> types = Map.of("up", "gauge");

  PastServer(List<Line> lines) throws IOException {
    this.lines = lines;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange http) throws IOException {
    try (http) {
      String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var form = form(body.isEmpty() ? http.getRequestURI().getRawQuery() : body);
      String shown = http.getRequestHeaders().getFirst("Authorization");
      if (!token.isEmpty() && !("Bearer " + token).equals(shown)) {
        answer(http, 401, "Unauthorized");
        return;
      }
      try {
        answer(http, form);
      } catch (IllegalArgumentException e) {
        answer(http, 400, e.getMessage());
      }
    }
  }

  private void answer(HttpExchange http, Map<String, String> form) throws IOException {
    switch (http.getRequestURI().getPath()) {
      case "/api/v1/status/config" ->
          data(http, "{\"yaml\":\"global:\\n  external_labels:\\n    cluster: eu\\n\"}");
      case "/api/v1/metadata" -> data(http, metadata());
      case "/api/v1/label/__name__/values" -> data(http, metrics(form));
      case "/api/v1/query" -> query(http, form);
      default -> answer(http, 404, "404 page not found");
    }
  }

  private static Map<String, String> form(String text) {
    var form = new HashMap<String, String>();
    if (text == null) return form;
    for (String part : text.split("&")) {
      String[] pair = part.split("=", 2);
      form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private String metadata() {
    var metrics = new ArrayList<String>();
    types.forEach(
        (metric, type) -> metrics.add("%s:[{\"type\":\"%s\"}]".formatted(text(metric), type)));
    return "{%s}".formatted(String.join(",", metrics));
  }

  /** As JSON. */
  private static String text(String text) {
    String coded = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return "\"%s\"".formatted(coded.replace("\n", "\\n").replace("\t", "\\t"));
  }

  private static boolean has(Line line, List<Equals> selector, long from, long to) {
    if (!selector.stream().allMatch(one -> one.holds(line.labels()))) return false;
    return line.seconds().getFirst() <= to && line.seconds().getLast() >= from;
  }

  private String metrics(Map<String, String> form) {
    var names = new TreeSet<String>();
    String match = form.get("match[]");
    var selector = match == null ? List.<Equals>of() : Equals.of(match);
    for (Line line : lines) {
      long from = namesAlways ? 0 : Long.parseLong(form.get("start"));
      long to = namesAlways ? Long.MAX_VALUE : Long.parseLong(form.get("end"));
      if (has(line, selector, from, to)) {
        names.add(text(line.metric()));
      }
    }
    return "[" + String.join(",", names) + "]";
  }

  private void query(HttpExchange http, Map<String, String> form) throws IOException {
    Matcher query = QUERY.matcher(form.get("query"));
    if (!query.matches()) throw new IllegalArgumentException("cannot parse " + form.get("query"));
    var selector = Equals.of(query.group(1));
    if (queries.incrementAndGet() > queriesMax) {
      answer(http, 503, "shutting down");
      return;
    }
    long to = Long.parseLong(form.get("time"));
    long from = to - Long.parseLong(query.group(2)); // both ends are in it, as up to 2.x
    int samples = 0;
    var series = new ArrayList<String>();
    for (Line line : lines.reversed()) { // in no particular order
      if (!has(line, selector, from, to)) continue;
      var values = new ArrayList<String>();
      for (int i = 0; i < line.values().size(); i++) {
        long at = line.seconds().get(i);
        if (at >= from && at <= to) values.add("[%d,\"%s\"]".formatted(at, line.values().get(i)));
      }
      samples += values.size();
      var labels = new ArrayList<String>();
      line.labels().forEach((name, value) -> labels.add(text(name) + ":" + text(value)));
      series.add(
          "{\"metric\":{%s},\"values\":[%s]}"
              .formatted(String.join(",", labels), String.join(",", values)));
    }
    if (samples > samplesMax) {
      answer(http, 422, "query processing would load too many samples into memory");
    } else {
      data(http, "{\"resultType\":\"matrix\",\"result\":[%s]}".formatted(String.join(",", series)));
    }
  }

  private static void data(HttpExchange http, String json) throws IOException {
    answer(http, 200, "{\"status\":\"success\",\"data\":%s}".formatted(json));
  }

  private static void answer(HttpExchange http, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    http.sendResponseHeaders(status, bytes.length);
    http.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
