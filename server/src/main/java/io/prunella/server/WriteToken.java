package io.prunella.server;

import io.prunella.yaml.YamlException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The bearer token that senders of remote write show. Compared in constant time. */
final class WriteToken {
  private static final String BEARER = "Bearer ";

  private WriteToken() {}

  /**
   * Who may write: those who show {@code given}, else what the configured file holds, else
   * everyone.
   */
  static Predicate<HttpServerRequest> of(Optional<String> given, Config.Web web, Path folder) {
    if (given.isPresent()) return shows(given.get());
    if (web.writeTokenFile().isEmpty()) return _ -> true;
    Path file = folder.resolve(web.writeTokenFile());
    try {
      return shows(Files.readString(file).strip());
    } catch (IOException e) {
      throw new YamlException(
          List.of("web.write-token-file: %s cannot be read (%s)".formatted(file, e.getMessage())));
    }
  }

  private static Predicate<HttpServerRequest> shows(String token) {
    byte[] wanted = (BEARER + token).getBytes(StandardCharsets.UTF_8);
    return request -> {
      String shown = request.getHeader("Authorization");
      return shown != null && MessageDigest.isEqual(wanted, shown.getBytes(StandardCharsets.UTF_8));
    };
  }
}
