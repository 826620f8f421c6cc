package io.prunella.server;

import io.prunella.detect.Candidate;
import io.prunella.detect.Judge;
import io.prunella.model.Card;
import io.prunella.model.Verdicts;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trained models, below the folder that is configured or that ships beside the program. A
 * server works without them, on stage 1 alone, and says so; so it does when one cannot be read.
 */
final class ModelShelf {
  private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);
  private static final String OPENING = "opening";

  private ModelShelf() {}

  /**
   * The model that judges anomalies; null when there is none.
   *
   * @param folder the configuration's, which relative names start from
   */
  static @Nullable Judge opening(Config.Models config, Path folder) {
    if (!config.judgeAnomalies()) {
      LOG.info("anomalies are not judged by a model, as configured; the detector's word stands");
      return null;
    }
    Path models = config.folder().isEmpty() ? shipped() : folder.resolve(config.folder());
    if (models == null || !Files.isRegularFile(models.resolve(OPENING).resolve(Card.FILE))) {
      LOG.warn(
          "no model to judge anomalies, the detector's word stands; folder={}",
          models == null ? "none" : models.resolve(OPENING));
      return null;
    }
    Path home = models.resolve(OPENING);
    try {
      var verdicts = Verdicts.read(home, Candidate.OF_ANOMALY);
      LOG.info(
          "anomalies are judged by a model; folder={} trees={} threshold={} code=\"{}\"",
          home,
          verdicts.forest().trees(),
          verdicts.threshold(),
          verdicts.card().code());
      return verdicts;
    } catch (IOException | io.prunella.yaml.YamlException e) {
      LOG.error("the model cannot be read, the detector's word stands: {}", e.getMessage());
      return null;
    }
  }

  /** The folder {@code models} above what runs. */
  private static @Nullable Path shipped() {
    try {
      var source = ModelShelf.class.getProtectionDomain().getCodeSource();
      Path at = source == null ? null : Path.of(source.getLocation().toURI());
      for (; at != null; at = at.getParent()) {
        if (Files.isRegularFile(at.resolve("models").resolve(OPENING).resolve(Card.FILE))) {
          return at.resolve("models");
        }
      }
      return null;
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of the program is no path", e);
    }
  }
}
