package io.prunella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real command on real files: the shipped runbooks, and the one in the documentation. */
class CheckCommandTest {
  private static final Path SHIPPED = Path.of("src/main/resources/io/prunella/runbook/catalogue");
  private static final Path DOC = Path.of("docs/runbooks.md");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;

  private int check(String... files) {
    var words = new ArrayList<>(List.of("check", "runbooks"));
    words.addAll(List.of(files));
    return Prunella.run(
        new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
  }

  private static String documented() throws IOException {
    String doc = Files.readString(DOC);
    int from = doc.indexOf("```yaml\n") + "```yaml\n".length();
    return doc.substring(from, doc.indexOf("```\n", from));
  }

  @Test
  void check_shippedRunbooks_allPassWithTheRealActions() throws IOException {
    int shipped;
    try (var files = Files.list(SHIPPED)) {
      shipped = (int) files.filter(f -> f.toString().endsWith(".yaml")).count();
    }
    assertThat(check(SHIPPED.toString())).as(err.toString()).isZero();
    assertThat(out.toString().lines()).hasSize(shipped).allMatch(l -> l.contains("tests passed"));
    assertThat(shipped).as("the catalogue that the documentation promises").isGreaterThan(11);
  }

  @Test
  void check_theExampleOfTheDocumentation_passes() throws IOException {
    var file = Files.writeString(folder.resolve("doc.yaml"), documented());
    assertThat(check(file.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("empty-page-cache 1.0.0, tier 3, 7 tests passed");
  }

  @Test
  void check_brokenFile_explainedByLine() throws IOException {
    var text =
        documented()
            .replace("share(\"memory\") > 0.9", "share(\"memroy\") > 0.9")
            .replace("tier: 3", "tier: three");
    var file = Files.writeString(folder.resolve("broken.yaml"), text);
    assertThat(check(file.toString(), SHIPPED.resolve("archive-logs.yaml").toString()))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("broken.yaml:9: spec.tier is \"three\", wanted a whole number from 1 to 4")
        .contains("check \"memory-high\": share(\"memroy\") names no signal");
    assertThat(out.toString()).contains("archive-logs"); // the others are checked all the same
  }

  @Test
  void check_missingFileOrTwoOfOneName_failed() throws IOException {
    assertThat(check(folder.resolve("none.yaml").toString())).isEqualTo(1);
    var one = Files.writeString(folder.resolve("a.yaml"), documented());
    var two = Files.writeString(folder.resolve("b.yaml"), documented());
    assertThat(check(one.toString(), two.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be read").contains("its name empty-page-cache");
  }

  @Test
  void check_twoThatFitEquallyWell_isNoted() throws IOException {
    var one = Files.writeString(folder.resolve("a.yaml"), documented());
    var text = documented().replace("name: empty-page-cache", "name: drop-pages");
    var two = Files.writeString(folder.resolve("b.yaml"), text);
    assertThat(check(one.toString(), two.toString())).isZero();
    assertThat(out.toString())
        .contains("note: empty-page-cache and drop-pages fit the same targets equally well");
  }

  @Test
  void check_looserThanThePolicy_refusedByTheConfigurationThatIsGiven() throws IOException {
    var text =
        documented()
            .replace("shortCircuit: {maxUnhealthyPercent: 25}", "shortCircuit: {maxUnhealthy: 8}");
    var file = Files.writeString(folder.resolve("wide.yaml"), text);
    assertThat(check(file.toString())).as(err.toString()).isZero();
    var config =
        Files.writeString(
            folder.resolve("prunella.yml"), "guardrails: {short-circuit: {unhealthy-max: 4}}\n");
    assertThat(check("--config", config.toString(), file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("shortCircuit.maxUnhealthy: is 8, looser than the policy's 4")
        .contains("has \"change-freeze\", wanted one of guardrails.calendars");
    var none = folder.resolve("none.yml").toString();
    assertThat(check("--config", none, file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("none.yml: cannot be read");
  }

  @Test
  void check_noFile_wrongUse() {
    assertThat(check()).isEqualTo(2);
  }

  @Test
  void check_unknownAction_refusedUnlessAnyWillDo() throws IOException {
    var text = documented().replace("action: redis.free", "action: redis.fly");
    var file = Files.writeString(folder.resolve("fly.yaml"), text);
    assertThat(check(file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("is \"redis.fly\", wanted one of");
    assertThat(check("--any-action", file.toString())).isZero();
  }
}
