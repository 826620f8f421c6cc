package io.prunella;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.Layout.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows, the banned calls, the sizes and the names: design laws 3, 5 and 8. */
class LayoutTest {
  @Test
  void everyRuleHolds() throws IOException {
    List<Source> sources = Layout.read(root());
    assertThat(sources).as("sources of three modules").hasSizeGreaterThan(20);
    assertThat(Layout.check(sources)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "detect, series, true",
    "series, detect, false",
    "detect, diagnose, false",
    "watch, ingest, false",
    "watch, journal, false",
    "model, diagnose, true",
    "model, detect, true",
    "detect, model, false",
    "watch, model, true",
    "remediation, action, false",
    "control, action, false",
    "console, control, true",
    "cli, demo, true",
    "demo, server, true",
    "server, demo, false",
    "demo, cli, false",
    "train, model, true",
    "train, server, true",
    "train, watch, false",
    "train, control, false",
    "server, train, false",
    "cli, train, false",
    "notebook, train, true",
    "train, notebook, false",
    "console, nowhere, false",
  })
  void arrows_onlyDown(String from, String to, boolean allowed) {
    String text = "package io.prunella.%s;\n\nimport io.prunella.%s.Thing;\n".formatted(from, to);
    assertThat(violations(from, text)).hasSize(allowed ? 0 : 1);
  }

  @Test
  void arrows_upward_saysFileLineSeenWanted() {
    String text = "package io.prunella.signal;\n\n\nimport io.prunella.watch.Watch;\n";
    assertThat(violations("signal", text))
        .containsExactly(
            "server/src/main/java/io/prunella/signal/A.java:4:"
                + " seen signal uses watch, wanted only [file, series, yaml]");
  }

  @Test
  void arrows_fullNameInCode_countsAsImport_inCommentsAndStringsNot() {
    String text =
        """
        package io.prunella.series;
        /** See io.prunella.watch.Watch. */
        class A {
          String s = "io.prunella.watch.Watch"; // io.prunella.watch
          Object o = io.prunella.watch.Watch.class;
        }
        """;
    assertThat(violations("series", text)).singleElement().asString().contains("A.java:5:");
  }

  @Test
  void arrows_unknownRoom_isRefused() {
    assertThat(violations("attic", "package io.prunella.attic;\nclass A {}\n"))
        .singleElement()
        .asString()
        .contains("seen package 'attic'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Instant.now()",
        "Instant::now",
        "System.currentTimeMillis()",
        "System.nanoTime()",
        "LocalDate.now(zone)",
        "LocalDateTime.now()",
        "Clock.systemUTC()",
        "InstantSource.system()",
        "Math.random()",
        "new Random(5)",
        "ThreadLocalRandom.current()",
        "new SecureRandom()",
        "UUID.randomUUID()",
        "new SplittableRandom()",
      })
  void pureRooms_clockOrChance_isRefused(String call) {
    String body = "class A {\n  Object o = %s;\n}\n".formatted(call);
    assertThat(violations("control", "package io.prunella.control;\n" + body))
        .singleElement()
        .asString()
        .contains("A.java:3:", "wanted time and chance handed in");
    assertThat(violations("watch", "package io.prunella.watch;\n" + body)).isEmpty();
  }

  @Test
  void pureRooms_seededChance_isAllowed() {
    String text =
        "package io.prunella.detect;\nclass A { Object o = new SplittableRandom(seed); }\n";
    assertThat(violations("detect", text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"watch, false", "control, false", "demo, true", "cli, true"})
  void sleep_onlyWherePeopleWait(String room, boolean allowed) {
    for (String call : List.of("Thread.sleep", "TimeUnit.SECONDS.sleep")) {
      String text =
          "package io.prunella.%s;\nclass A { void a() { %s(5); } }\n".formatted(room, call);
      assertThat(violations(room, text)).hasSize(allowed ? 0 : 1);
    }
  }

  @Test
  void sleep_inTests_isRefusedEverywhere() {
    String text = "package io.prunella.cli;\nclass ATest { void a() { Thread.sleep(5); } }\n";
    var source = new Source("server/src/test/java/io/prunella/cli/ATest.java", text);
    assertThat(Layout.check(List.of(source)))
        .singleElement()
        .asString()
        .contains("ATest.java:2:", "wanted a wait for a condition");
  }

  @Test
  void longFile_needsAReason() {
    String text = "package io.prunella.watch;\n%sclass A {}\n" + "\n".repeat(400);
    assertThat(violations("watch", text.formatted("")))
        .singleElement()
        .asString()
        .contains("seen 402 lines", "wanted at most 400");
    assertThat(violations("watch", text.formatted("// Long because: one table.\n"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"57, '', true", "59, '', false", "59, '  // Long because: one run.\n', true"})
  void longMethod_needsAReason(int fill, String above, boolean allowed) {
    String method =
        "  @Bar({\"a\"})\n  <T> void a(int b) {\n"
            + "    if (x) { y(z -> { }); }\n".repeat(fill)
            + "  }\n";
    String text = "package io.prunella.watch;\nclass A {\n  int i;\n" + above + method + "}\n";
    assertThat(violations("watch", text)).hasSize(allowed ? 0 : 1);
  }

  @Test
  void methods_areToldFromOtherBlocks() {
    String text =
        """
        record Point(int a) {
          static final int[] B = {1, 2};
          enum E { X(1) { int f() { return 1; } }, Y }
          Point {
            if (a < 0) { throw new IllegalArgumentException("{"); }
          }
          @Deprecated(since = "1")
          Object g() {
            return new Object() {
              @Override public String toString() { return "}"; }
            };
          }
        }
        """;
    assertThat(new JavaText(text).methods())
        .extracting(JavaText.Method::firstLine)
        .containsExactlyInAnyOrder(3, 4, 7, 10);
    assertThat(new JavaText(text).types())
        .extracting(JavaText.Type::name)
        .containsExactlyInAnyOrder("Point", "E");
  }

  @ParameterizedTest
  @CsvSource({
    "ShardManager, false",
    "TimeUtils, false",
    "TimeUtil, false",
    "WatchImpl, false",
    "AbstractShard, false",
    "Managers, true",
    "Implication, true",
  })
  void names_sayWhatTheThingIs(String name, boolean allowed) {
    String text = "package io.prunella.watch;\n\nfinal class %s {}\n".formatted(name);
    assertThat(violations("watch", text)).hasSize(allowed ? 0 : 1);
  }

  @Test
  void packageInfo_missingOrUnmarked_isRefused() {
    String folder = "server/src/main/java/io/prunella/watch/";
    var file = new Source(folder + "A.java", "package io.prunella.watch;\nclass A {}\n");
    var info = new Source(folder + "package-info.java", "/** A. */\npackage io.prunella.watch;\n");
    assertThat(Layout.check(List.of(file)))
        .singleElement()
        .asString()
        .contains("seen no package-info.java");
    assertThat(Layout.check(List.of(file, info)))
        .singleElement()
        .asString()
        .contains("package-info.java:1:", "@NullMarked");
  }

  /** What is wrong with one file of a room whose package-info is in order. */
  private static List<String> violations(String room, String text) {
    String folder = "server/src/main/java/io/prunella/" + room + "/";
    var info = "/** A room. */\n@NullMarked\npackage io.prunella.%s;\n".formatted(room);
    var sources =
        List.of(
            new Source(folder + "A.java", text), new Source(folder + "package-info.java", info));
    return Layout.check(sources).stream()
        .filter(violation -> violation.file().endsWith("A.java"))
        .map(Object::toString)
        .toList();
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("detector/src"))) {
      Path above = at.getParent();
      if (above == null) {
        throw new IllegalStateException(
            "no folder with detector/src above " + Path.of("").toAbsolutePath());
      }
      at = above;
    }
    return at;
  }
}
