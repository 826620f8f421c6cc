package io.prunella.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.journal.Entry;
import io.prunella.journal.Fact;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.TargetClass;
import io.prunella.signal.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was written is read by every later version: one file per type of fact, written by a real run
 * once and never changed. A new type of fact gets its file with {@code
 * -Dprunella.rewrite-facts=true}, which writes only files that are missing.
 */
class FactsTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "facts");

  static Stream<String> types() {
    return Facts.TYPES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("types")
  void read_goldenFile_isReadAndWrittenTheSame(String type) throws IOException {
    Path file = GOLDEN.resolve(type + ".json");
    if (Boolean.getBoolean("prunella.rewrite-facts") && !Files.exists(file)) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, samples().get(type));
    }
    assertThat(file).as("a type of fact without a golden file").exists();
    String json = Files.readString(file);
    Fact fact = Facts.read(type, json, file.toString());
    assertThat(fact.at()).isNotNull();
    assertThat(Facts.draft("ann", fact).type()).isEqualTo(type);
    assertThat(Facts.draft("ann", fact).body()).isEqualTo(json);
  }

  @Test
  void read_typeOfANewerVersion_saysSo() {
    var entry = new Entry(7, Instant.EPOCH, "ann", "incident.merged", "{}", "", "");
    assertThatThrownBy(() -> Facts.read(entry))
        .hasMessageContaining("entry 7 has type incident.merged")
        .hasMessageContaining("newer");
  }

  @Test
  void read_unknownField_isRefusedWithItsPlace() {
    var entry =
        new Entry(
            8,
            Instant.EPOCH,
            "ann",
            "stop.overdue",
            "{\"at\":\"2026-03-02T09:00:00Z\",\"stop\":\"STOP-1\",\"x\":1}",
            "",
            "");
    assertThatThrownBy(() -> Facts.read(entry))
        .hasMessageContaining("entry 8")
        .hasMessageContaining("\"x\"");
  }

  /** The first fact of each type in runs that together have them all. */
  private static Map<String, String> samples() {
    var samples = new TreeMap<String, String>();
    keep(samples, repaired());
    keep(samples, takenBack());
    keep(samples, asked());
    keep(samples, overridden());
    keep(samples, watched());
    return samples;
  }

  private static void keep(Map<String, String> samples, MemoryJournal journal) {
    journal.entries.forEach(e -> samples.putIfAbsent(e.type(), e.body()));
  }

  private static MemoryJournal repaired() {
    var journal = new MemoryJournal();
    var rig = new Rig(journal).begin();
    rig.ask(
        new Command.StopAutomation(
            "ann", Stop.Level.STOP_NEW, "all", "drill", Duration.ofMinutes(1)));
    rig.pass(Duration.ofMinutes(2));
    rig.ask(new Command.ResumeAutomation("ann", "STOP-1", "drill over"));
    rig.ask(new Command.DeploymentPosted("ci", "dep-1", "mail", false, "2.1"));
    rig.ask(new Command.DeploymentPosted("ci", "dep-1", "mail", true, ""));
    while (rig.last().status() != Status.VERIFYING) rig.tick();
    rig.restart();
    rig.control.submit(
        new Command.ChangeNoticed(
            new Change(Rig.SERVICE, "deploy", rig.now.toEpochMilli(), "2.1")));
    journal.full = true;
    rig.tick();
    journal.full = false;
    rig.pass(Duration.ofMinutes(10));
    rig.ask(new Command.ReviewGiven("ann", "REM-1", true, "fine"));
    return journal;
  }

  private static MemoryJournal takenBack() {
    var journal = new MemoryJournal();
    var rig = new Rig(journal);
    rig.outside.helps = false;
    rig.outside.reversible = false;
    rig.runbooks = List.of(Rig.runbook(2, Runbook.Mode.AUTO, false, 1));
    rig.begin().pass(Duration.ofMinutes(10));
    rig.ask(new Command.FreezeLifted("ann", Rig.SERVICE, "looked at it"));
    return journal;
  }

  private static MemoryJournal watched() {
    var journal = new MemoryJournal();
    var rig = new Rig(journal);
    var made = new Variant(Rig.runbook(1, Runbook.Mode.AUTO, true, 1));
    made.limits =
        new Runbook.Limits(
            null,
            null,
            null,
            null,
            List.of(new Runbook.Check("spike", "share(\"memory\") > 0.985")),
            null,
            null,
            new Runbook.Concurrency(2, 1),
            List.of(new TargetClass("database", "production")),
            null);
    rig.runbooks = List.of(made.made());
    rig.begin().pass(Duration.ofMinutes(5));
    return journal;
  }

  private static MemoryJournal overridden() {
    var journal = new MemoryJournal();
    var rig = new Rig(journal).begin();
    rig.ask(new Command.DeploymentPosted("ci", "dep-1", Rig.SERVICE, false, "2.1"));
    rig.pass(Duration.ofMinutes(3));
    String digest = rig.last().plan().digest();
    rig.ask(new Command.OverrideHold("ann", "REM-1", digest, "customers cannot pay"));
    return journal;
  }

  private static MemoryJournal asked() {
    var journal = new MemoryJournal();
    var rig = new Rig(journal);
    rig.runbooks = List.of(Rig.runbook(4, Runbook.Mode.AUTO, true, 1));
    rig.begin().pass(Duration.ofMinutes(2));
    rig.ask(new Command.Decide("APR-1", "ann", true, rig.last().plan().digest(), "go", "k"));
    var symptom = rig.word();
    rig.control.submit(
        new Command.SymptomSeen(
            new io.prunella.diagnose.Symptom(
                "other",
                Rig.SERVICE,
                "",
                symptom.signal(),
                "other_bytes",
                symptom.direction(),
                symptom.shape(),
                symptom.fromMs(),
                0,
                rig.now.toEpochMilli(),
                99,
                Double.NaN,
                Double.NaN,
                90,
                0,
                "second")));
    rig.pass(Duration.ofMinutes(5));
    return journal;
  }
}
