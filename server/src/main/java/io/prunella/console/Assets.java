package io.prunella.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Style sheets, modules and icons, read once into memory. Their address carries a digest of them
 * all, so browsers keep them for good, and a new version has a new address.
 */
final class Assets {
  private static final String OURS = "/io/prunella/console/static/";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final List<String> FILES =
      List.of(
          "console.css",
          "app.js",
          "live.js",
          "keys.js",
          "charts.js",
          "times.js",
          "confirm.js",
          "theme.js",
          "icon.svg");
  private static final List<String> UPLOT_FILES = List.of("uPlot.esm.js", "uPlot.min.css");

  private final Map<String, Buffer> byName = new LinkedHashMap<>();
  private final String base;

  Assets() {
    FILES.forEach(name -> byName.put(name, read(OURS + name)));
    UPLOT_FILES.forEach(name -> byName.put(name, read(UPLOT + name)));
    base = "/static/" + digest() + "/";
  }

  /** Where they are: {@code /static/0123456789ab/}. */
  String base() {
    return base;
  }

  void serve(RoutingContext ctx) {
    String name = Access.part(ctx, "file");
    Buffer content = byName.get(name);
    if (content == null) {
      ctx.response().setStatusCode(404).end("There is no file of this name.\n");
      return;
    }
    String type =
        name.endsWith(".css")
            ? "text/css"
            : name.endsWith(".svg") ? "image/svg+xml" : "text/javascript";
    boolean current = Access.path(ctx).startsWith(base);
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type + "; charset=utf-8")
        .putHeader(
            HttpHeaders.CACHE_CONTROL, current ? "public, max-age=31536000, immutable" : "no-store")
        .end(content);
  }

  private static Buffer read(String resource) {
    try (var in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) throw new IllegalStateException("the jar lacks " + resource);
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the jar", e);
    }
  }

  private String digest() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      byName.values().forEach(content -> sha.update(content.getBytes()));
      return HexFormat.of().formatHex(sha.digest()).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
