package io.prunella.train;

import io.prunella.server.ConfigFile;
import io.prunella.server.LogSetup;
import io.prunella.server.PastSamples;
import io.prunella.signal.Catalogue;
import io.prunella.train.PastOptions.Asked;
import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code prunella-train datasets fetch}: a Prometheus' history as files, a series each. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a Prometheus' history as CSV files, one a series.",
      "They hold timestamp,value, as score and evaluate read them; series.tsv beside",
      "them says what they are. Counters are written as their rates per second, as a",
      "server scores them. The folder appears when it is whole; until then what was read",
      "is kept beside it, as DIR.part. A run that was cut off goes on when called again.",
      PastOptions.TIME
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written",
      "1:the history could not be read or written, or is empty",
      "2:wrong use"
    })
final class Fetch implements Callable<Integer> {
  private static final int NAMED_MAX = 5;

  @Spec private CommandSpec spec = CommandSpec.create(); // set by picocli

  @Mixin private PastOptions past = new PastOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "the folder to be made; one that is there must be empty")
  private Path out = Path.of("");

  @Option(
      names = "--raw",
      description =
          "write counters as they are, and also what a server never scores: buckets of histograms,"
              + " and what describes rather than measures")
  private boolean isRaw;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LogSetup.apply(LogSetup.Threshold.WARN, LogSetup.Format.LOGFMT);
    Asked asked = past.asked(InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS));
    ConfigFile config = past.config();
    if (!PastFolder.isFree(out)) {
      throw past.wrong("--out is %s, wanted a folder that is empty or not there yet", out);
    }
    try {
      PastFolder folder = run(asked, config.catalogue());
      PrintWriter data = spec.commandLine().getOut();
      data.printf(
          "From %s to %s: %,d samples of %,d series in %s, %,d of them rates of counters%n",
          asked.from(), asked.to(), folder.samples(), folder.series(), out, folder.rates());
      data.flush();
      if (!folder.leftOut().isEmpty()) past.say(leftOut(folder.leftOut()));
      return 0;
    } catch (FileSystemException e) {
      String why = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      past.say("cannot write %s: %s".formatted(e.getFile(), why));
      return 1;
    } catch (PastSamples.Unreadable | YamlException | IOException e) {
      past.say(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private PastFolder run(Asked asked, Catalogue catalogue)
      throws IOException, InterruptedException {
    Path named = past.work();
    Path work = named == null ? PastFolder.read(out) : named;
    var history = past.open(asked, work);
    var types = history.types();
    var folder =
        new PastFolder(
            out, isRaw, labels -> catalogue.meaning(labels, types.get(labels.metric())).type());
    folder.begin();
    past.read("fetch", history, asked, asked.from(), window -> folder.take(window.series()));
    if (folder.series() == 0) throw new IOException(leftOut(folder.leftOut()));
    folder.finish();
    return folder;
  }

  /** Which metrics are not written, the first of them by name. */
  private static String leftOut(SequencedSet<String> metrics) {
    String named = String.join(", ", metrics.stream().limit(NAMED_MAX).toList());
    int more = metrics.size() - NAMED_MAX;
    return "left out, as a server never scores it: %s%s; --raw writes it too"
        .formatted(named, more > 0 ? " and %,d more metrics".formatted(more) : "");
  }
}
