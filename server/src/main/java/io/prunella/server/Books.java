package io.prunella.server;

import io.prunella.diagnose.Patterns;
import io.prunella.runbook.Target;
import io.prunella.runbook.Targets;
import io.prunella.signal.Catalogue;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is read at start besides the configuration: signals, patterns and targets. The operator's
 * own come first.
 */
final class Books {
  private Books() {}

  /** A file of the operator's: its name for messages, and its text. */
  record Text(String name, String text) {}

  /** Reads the named files, relative to the configuration's folder. */
  static List<Text> read(Path folder, List<String> files) {
    var texts = new ArrayList<Text>();
    for (String file : files) {
      Path path = folder.resolve(file);
      try {
        texts.add(new Text(path.toString(), Files.readString(path)));
      } catch (IOException e) {
        throw new YamlException(List.of("%s: cannot be read (%s)".formatted(path, e.getMessage())));
      }
    }
    return texts;
  }

  static Catalogue catalogue(Config config, Path folder) {
    var rules = config.services().toServiceRules();
    var catalogue = Catalogue.shipped(rules);
    for (Text text : read(folder, config.signals().files())) {
      catalogue = Catalogue.read(text.name(), text.text(), rules).before(catalogue);
    }
    return catalogue;
  }

  static Patterns patterns(Config config, Path folder) {
    var patterns = Patterns.shipped();
    for (Text text : read(folder, config.patterns().files())) {
      patterns = patterns.and(Patterns.read(text.name(), text.text()));
    }
    return patterns;
  }

  static Targets targets(Config config) {
    var targets = new ArrayList<Target>();
    for (Config.TargetEntry entry : config.targets()) targets.add(entry.toTarget());
    return Targets.of(targets);
  }
}
