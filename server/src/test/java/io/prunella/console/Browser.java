package io.prunella.console;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client without scripts: keeps its cookie, sends forms, follows nothing by itself. */
final class Browser {
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private String cookie = "";
  private String csrf = "";

  Browser(SampleServer server) {
    this.url = server.url();
  }

  Browser login(String token) {
    var answer = form("/login", "token", token);
    assert answer.statusCode() == 303 : answer.body();
    cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    Matcher found = CSRF.matcher(get("/").body());
    assert found.find();
    csrf = found.group(1);
    return this;
  }

  String cookie() {
    return cookie;
  }

  String csrf() {
    return csrf;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET(), headers);
  }

  /** A form of this session's pages. */
  HttpResponse<String> send(String path, String... fields) {
    String[] all = java.util.Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "csrf";
    all[fields.length + 1] = csrf;
    return form(path, all);
  }

  HttpResponse<String> form(String path, String... fields) {
    var body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())),
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  HttpResponse<String> api(String method, String path, String token, String body) {
    var publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return send(
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).method(method, publisher),
        "Authorization",
        "Bearer " + token,
        "Content-Type",
        "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    if (!cookie.isEmpty()) request.header("Cookie", cookie);
    for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }
}
