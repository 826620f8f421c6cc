package io.prunella.train;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Which code this is: the commit when it runs from its sources, else the version that was built.
 */
final class CodeVersion {
  private static final long SECONDS_MAX = 5;

  private CodeVersion() {}

  static String here() {
    String built = new Version().getVersion()[0];
    try {
      var source = CodeVersion.class.getProtectionDomain().getCodeSource();
      Path at = source == null ? null : Path.of(source.getLocation().toURI()).getParent();
      if (at == null) return built;
      var git =
          new ProcessBuilder("git", "rev-parse", "--short=12", "HEAD")
              .directory(at.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit =
          new String(git.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).strip();
      boolean isOver = git.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && git.exitValue() == 0;
      return isOver && !commit.isEmpty() ? "%s, commit %s".formatted(built, commit) : built;
    } catch (IOException | URISyntaxException e) {
      return built; // no git, or no sources: the version says enough
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return built;
    }
  }
}
