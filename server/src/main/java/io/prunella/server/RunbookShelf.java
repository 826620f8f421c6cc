package io.prunella.server;

import io.prunella.remediation.Action;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.PolicyBounds;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.runbook.RunbookReader;
import io.prunella.runbook.ShippedRunbooks;
import io.prunella.yaml.YamlException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runbooks in force: the operator's, the ones a command brings along, and the shipped ones,
 * each checked whole. At start a bad file is refused; later it stays as it was read last.
 *
 * <p>What a runbook's file says of its mode counts only down: it acts by itself when the
 * configuration names it as {@code auto}, so that a file that was changed, or is new, begins by
 * suggesting. What a command brings along is its own word.
 */
final class RunbookShelf {
  private static final Logger LOG = LoggerFactory.getLogger(RunbookShelf.class);

  private final Config.Runbooks config;
  private final Path folder;
  private final Map<String, String> more;
  private final RunbookReader strict;
  private final RunbookReader lenient;
  private final InstantSource clock;
  private volatile Shelf shelf;

  /**
   * What was read.
   *
   * @param byFile each file's runbook as it was last read well
   * @param problems of the last reading
   * @param goodAt when all was last read well
   */
  record Shelf(
      RunbookCatalogue catalogue,
      Map<String, Runbook> byFile,
      List<String> problems,
      Instant goodAt) {}

  /**
   * Reads them all.
   *
   * @param more brought along: name to text
   * @param policy what the operator's runbooks may not loosen
   * @throws YamlException with every problem of every file
   */
  RunbookShelf(
      Config.Runbooks config,
      Path folder,
      Map<String, String> more,
      Expressions expressions,
      Map<String, Action> actions,
      PolicyBounds policy,
      InstantSource clock) {
    this.config = config;
    this.folder = folder;
    this.more = Map.copyOf(more);
    this.strict =
        new RunbookReader(expressions, traits(actions, /* judgeArguments= */ true), policy);
    // What they may start or call, and how strict a policy is, is this installation's to declare; a
    // plan that wants more is refused then.
    this.lenient = new RunbookReader(expressions, traits(actions, /* judgeArguments= */ false));
    this.clock = clock;
    this.shelf = read(Map.of(), Instant.EPOCH);
    if (!shelf.problems().isEmpty()) throw new YamlException(shelf.problems());
  }

  /** Any thread. */
  RunbookCatalogue catalogue() {
    return shelf.catalogue();
  }

  /** What was wrong at the last reading; empty: nothing. Any thread. */
  List<String> problems() {
    return shelf.problems();
  }

  /** When everything was last read well. Any thread. */
  Instant goodAt() {
    return shelf.goodAt();
  }

  /**
   * Reads the files again. What cannot be read stays as it was; a plan made before with another
   * content is superseded, as its digest is no longer that of the file.
   *
   * @return what is wrong; empty when all was read
   */
  synchronized List<String> reload() {
    Shelf before = shelf;
    Shelf now = read(before.byFile(), before.goodAt());
    shelf = now;
    if (now.problems().isEmpty()) {
      LOG.info("runbooks are read again count={}", now.catalogue().all().size());
    } else {
      now.problems()
          .forEach(one -> LOG.error("a runbook stays as it was read last problem=\"{}\"", one));
    }
    return now.problems();
  }

  private Shelf read(Map<String, Runbook> before, Instant goodAt) {
    var problems = new ArrayList<String>();
    var byFile = new LinkedHashMap<String, Runbook>();
    for (String file : config.files()) {
      Runbook runbook = read(file, problems);
      if (runbook == null) runbook = before.get(file);
      if (runbook != null) byFile.put(file, runbook);
    }
    var runbooks = new ArrayList<Runbook>();
    for (Runbook one : byFile.values()) {
      boolean lifts = one.mode() == Runbook.Mode.AUTO;
      runbooks.add(lifts ? one.withMode(Runbook.Mode.SUGGEST) : one);
    }
    for (var one : new TreeMap<>(more).entrySet()) {
      try {
        runbooks.add(strict.read(one.getKey(), one.getValue()));
      } catch (YamlException e) {
        problems.addAll(e.problems());
      }
    }
    if (config.shipped()) runbooks.addAll(ShippedRunbooks.read(lenient));
    var modes = new TreeMap<>(config.modes());
    runbooks.replaceAll(runbook -> {
      String mode = modes.remove(runbook.name());
      return mode == null ? runbook : runbook.withMode(mode(mode));
    });
    modes.forEach((name, mode) ->
        problems.add("configuration: runbooks.modes.%s: no runbook has that name".formatted(name)));
    try {
      var catalogue = RunbookCatalogue.of(runbooks);
      return new Shelf(
          catalogue, byFile, List.copyOf(problems), problems.isEmpty() ? clock.instant() : goodAt);
    } catch (IllegalArgumentException e) {
      problems.add("runbooks: " + e.getMessage());
      if (before.isEmpty()) throw new YamlException(problems);
      return new Shelf(catalogue(), before, List.copyOf(problems), goodAt);
    }
  }

  private @org.jspecify.annotations.Nullable Runbook read(String file, List<String> problems) {
    try {
      var text = Books.read(folder, List.of(file)).getFirst();
      return strict.read(text.name(), text.text());
    } catch (YamlException e) {
      problems.addAll(e.problems());
      return null;
    }
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
