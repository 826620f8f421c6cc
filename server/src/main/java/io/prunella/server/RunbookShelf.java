package io.prunella.server;

import io.prunella.remediation.Action;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.RunbookReader;
import io.prunella.runbook.ShippedRunbooks;
import io.prunella.yaml.YamlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Loads the runbooks: the operator's, the ones a command brings along, and the shipped ones, each
 * checked whole.
 */
final class RunbookShelf {
  private RunbookShelf() {}

  /**
   * Reads them all.
   *
   * @param more brought along: name to text
   * @throws YamlException with every problem of every file
   */
  static RunbookCatalogue load(
      Config.Runbooks config,
      Path folder,
      Map<String, String> more,
      Expressions expressions,
      Map<String, Action> actions) {
    var reader = new RunbookReader(expressions, traits(actions, /* judgeArguments= */ true));
    var texts = new ArrayList<>(Books.read(folder, config.files()));
    more.forEach((name, text) -> texts.add(new Books.Text(name, text)));
    var problems = new ArrayList<String>();
    var runbooks = new ArrayList<Runbook>();
    for (Books.Text text : texts) {
      try {
        runbooks.add(reader.read(text.name(), text.text()));
      } catch (YamlException e) {
        problems.addAll(e.problems());
      }
    }
    if (config.shipped()) {
      // What they may start or call is this installation's to declare; a plan that wants more is
      // refused then.
      var lenient = new RunbookReader(expressions, traits(actions, /* judgeArguments= */ false));
      runbooks.addAll(ShippedRunbooks.read(lenient));
    }
    var modes = new TreeMap<>(config.modes());
    runbooks.replaceAll(runbook -> {
      String mode = modes.remove(runbook.name());
      return mode == null ? runbook : runbook.withMode(mode(mode));
    });
    modes.forEach((name, mode) ->
        problems.add("configuration: runbooks.modes.%s: no runbook has that name".formatted(name)));
    if (!problems.isEmpty()) throw new YamlException(problems);
    return RunbookCatalogue.of(runbooks);
  }

  private static Runbook.Mode mode(String word) {
    return Runbook.Mode.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Map<String, ActionTraits> traits(
      Map<String, Action> actions, boolean judgeArguments) {
    var traits = new TreeMap<String, ActionTraits>();
    actions.forEach((name, action) ->
        traits.put(
            name,
            new ActionTraits(
                name, action.reversible(), judgeArguments ? action::problems : _ -> List.of())));
    return traits;
  }
}
