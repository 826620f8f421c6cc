package io.prunella.runbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The runbooks that come with Prunella. All are in mode suggest: configuration says otherwise. */
public final class ShippedRunbooks {
  /** A jar's folder cannot be listed, so the files are named here; a test compares. */
  static final List<String> FILES =
      List.of(
          "add-read-replica.yaml",
          "archive-logs.yaml",
          "clear-temp-files.yaml",
          "free-cache-memory.yaml",
          "pause-runaway-job.yaml",
          "promote-replica.yaml",
          "restart-leaking-service.yaml",
          "restart-unhealthy-service.yaml",
          "rollback-deploy.yaml",
          "rolling-restart-leaking-service.yaml",
          "rotate-stuck-consumer.yaml",
          "scale-out-saturated-service.yaml",
          "shed-load.yaml");

  private ShippedRunbooks() {}

  /** Reads and checks them all. */
  public static List<Runbook> read(RunbookReader reader) {
    var runbooks = new ArrayList<Runbook>();
    for (String file : FILES) {
      try (var in = ShippedRunbooks.class.getResourceAsStream("catalogue/" + file)) {
        if (in == null) throw new IllegalStateException(file + " is missing in the jar");
        runbooks.add(reader.read(file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException("%s in the jar cannot be read".formatted(file), e);
      }
    }
    return List.copyOf(runbooks);
  }
}
