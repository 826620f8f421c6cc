package io.prunella.server;

import io.prunella.remediation.Action;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.RunbookReader;
import io.prunella.yaml.YamlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Loads the runbooks: the operator's, the ones a command brings along, and the shipped ones, each checked whole. */
final class RunbookShelf {
  private RunbookShelf() {}

  static RunbookCatalogue load(
      Config config, Path folder, List<Books.Text> more, Map<String, Action> actions) {
    var reader = new RunbookReader(new Expressions(ExpressionConfig.DEFAULTS), traits(actions));
    var texts = new ArrayList<>(Books.read(folder, config.runbooks().files()));
    texts.addAll(more);
    if (config.runbooks().shipped()) texts.addAll(shipped());
    var problems = new ArrayList<String>();
    var modes = new TreeMap<>(config.runbooks().modes());
    var runbooks = new ArrayList<Runbook>();
    for (Books.Text text : texts) {
      try {
        Runbook runbook = reader.read(text.name(), text.text());
        String mode = modes.remove(runbook.name());
        runbooks.add(mode == null ? runbook : runbook.withMode(mode(mode)));
      } catch (YamlException e) {
        problems.addAll(e.problems());
      }
    }
    modes.forEach(
        (name, mode) ->
            problems.add("configuration: runbooks.modes.%s: there is no runbook of that name".formatted(name)));
    if (!problems.isEmpty()) throw new YamlException(problems);
    return RunbookCatalogue.of(runbooks);
  }

  private static Runbook.Mode mode(String word) {
    return Runbook.Mode.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static List<Books.Text> shipped() {
    var texts = new ArrayList<Books.Text>();
    RunbookCatalogue.shippedTexts().forEach((name, text) -> texts.add(new Books.Text(name, text)));
    return texts;
  }

  private static Map<String, ActionTraits> traits(Map<String, Action> actions) {
    var traits = new TreeMap<String, ActionTraits>();
    actions.forEach(
        (name, action) ->
            traits.put(
                name,
                new ActionTraits(
                    action.reversible(), action.problemsOf() )));
    return traits;
  }
}
