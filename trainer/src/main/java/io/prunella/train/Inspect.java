package io.prunella.train;

import io.prunella.model.Verdicts;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code prunella-train inspect}: what a model is, and what it goes by. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Prints a model's card, and how much its trees ask for each number.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:printed", "1:the model cannot be read", "2:wrong use"})
final class Inspect implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Parameters(paramLabel = "MODEL", description = "folder of a model, such as models/opening")
  private Path model = Path.of("");

  @Override
  public Integer call() {
    try {
      var card = Verdicts.card(model);
      var verdicts = Verdicts.read(model, card.features());
      Show.card(spec.commandLine().getOut(), card);
      Show.importance(spec.commandLine().getOut(), card, verdicts.forest());
      return 0;
    } catch (IOException | YamlException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }
}
