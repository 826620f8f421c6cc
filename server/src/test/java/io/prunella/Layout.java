package io.prunella;

import static java.util.Map.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules of the house and the check of sources against them. */
final class Layout {
  /** Think hard before you change this: every package imports only from floors below its own. */
  static final List<Set<String>> FLOORS =
      List.of(
          Set.of("yaml", "file"),
          Set.of("series"),
          Set.of("signal"),
          Set.of("detect", "diagnose"),
          Set.of("model"),
          Set.of("ingest", "watch", "journal"),
          Set.of("runbook", "incident"),
          Set.of("remediation"),
          Set.of("control", "action", "notify"),
          Set.of("console"),
          Set.of("server", "cli", "demo"),
          Set.of("train"),
          Set.of("notebook"));

  /** Rooms of another module that know less than lies below them: only the roof of the server. */
  static final Map<String, Set<String>> ONLY =
      Map.ofEntries(
          entry(
              "train",
              Set.of("yaml", "file", "series", "signal", "detect", "diagnose", "model", "server")),
          entry(
              "notebook",
              Set.of("yaml", "file", "series", "signal", "detect", "diagnose", "model", "train")));

  /** The only neighbours that may know each other: the command line starts the roof. */
  static final Map<String, Set<String>> NEIGHBOURS =
      Map.ofEntries(entry("cli", Set.of("server", "demo")), entry("demo", Set.of("server")));

  /** Neither clock nor sleep nor chance: all three are handed in. */
  static final Set<String> PURE =
      Set.of(
          "yaml",
          "file",
          "series",
          "signal",
          "detect",
          "diagnose",
          "model",
          "incident",
          "runbook",
          "remediation",
          "control");

  /** Those that wait for people or for a simulated world. */
  static final Set<String> MAY_SLEEP = Set.of("demo", "cli");

  static final int FILE_LINES_MAX = 400;
  static final int METHOD_LINES_MAX = 60;
  private static final int REASON_WITHIN = 40;
  private static final String REASON = "// Long because:";

  private static final Pattern OWN = Pattern.compile("\\bio\\.prunella\\.([a-z]\\w*)");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([\\w.]+)\\s*;");
  private static final Pattern SLEEP =
      Pattern.compile("\\b(Thread|TimeUnit(\\.\\w+)?)\\s*(\\.|::)\\s*sleep\\b");
  private static final Pattern CLOCK_OR_CHANCE =
      Pattern.compile(
          "\\b(Instant|Local(Date|Time|DateTime)|(Zoned|Offset)DateTime)\\s*(\\.|::)\\s*now\\b"
              + "|\\bSystem\\s*(\\.|::)\\s*(currentTimeMillis|nanoTime)\\b"
              + "|\\bInstantSource\\s*(\\.|::)\\s*system\\b|\\bClock\\s*(\\.|::)\\s*(system|tick)\\w*"
              + "|\\bMath\\s*(\\.|::)\\s*random\\b|\\bnew\\s+Random\\s*\\(|\\bRandom\\s*::\\s*new\\b"
              + "|\\bThreadLocalRandom\\b|\\bSecureRandom\\b|\\bUUID\\s*(\\.|::)\\s*randomUUID\\b"
              + "|\\bnew\\s+SplittableRandom\\s*\\(\\s*\\)");
  private static final Pattern NAMES_NOTHING =
      Pattern.compile("Abstract.*|.*(Manager|Utils|Util|Impl)");

  /** One file: its path from the project's root, with {@code /} between folders. */
  record Source(String path, String text) {
    boolean isTest() {
      return path.contains("src/test/");
    }

    boolean isPackageInfo() {
      return path.endsWith("package-info.java");
    }

    /** The room below {@code io.prunella}; empty for that package itself. */
    String room() {
      Matcher found = PACKAGE.matcher(new JavaText(text).code());
      String name = found.find() ? found.group(1) : "";
      String[] parts = name.split("\\.", -1);
      return parts.length > 2 ? parts[2] : "";
    }
  }

  /** A rule that does not hold. */
  record Violation(String file, int line, String seen, String wanted) {
    @Override
    public String toString() {
      return "%s:%d: seen %s, wanted %s".formatted(file, line, seen, wanted);
    }
  }

  private Layout() {}

  /** All sources of all modules below the project's root. */
  static List<Source> read(Path root) throws IOException {
    var all = new ArrayList<Source>();
    for (String module : List.of("detector", "trainer", "server")) {
      Path src = root.resolve(module).resolve("src");
      try (Stream<Path> files = Files.walk(src)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          String path = root.relativize(file).toString().replace('\\', '/');
          all.add(new Source(path, Files.readString(file)));
        }
      }
    }
    return all;
  }

  static List<Violation> check(Collection<Source> sources) {
    var found = new ArrayList<Violation>();
    for (Source source : sources) {
      var text = new JavaText(source.text());
      if (!source.isTest()) {
        arrows(source, text, found);
      }
      calls(source, text, found);
      sizes(source, text, found);
      names(source, text, found);
    }
    packageInfos(sources, found);
    return found;
  }

  private static void arrows(Source source, JavaText text, List<Violation> found) {
    String from = source.room();
    int floor = floor(from);
    if (floor < 0) {
      found.add(
          new Violation(source.path(), 1, "package '" + from + "'", "one of the rooms in FLOORS"));
      return;
    }
    Matcher own = OWN.matcher(text.code());
    while (own.find()) {
      String to = own.group(1);
      boolean below =
          floor(to) >= 0 && floor(to) < floor && ONLY.getOrDefault(from, Set.of(to)).contains(to);
      if (!to.equals(from) && !below && !NEIGHBOURS.getOrDefault(from, Set.of()).contains(to)) {
        found.add(at(source, text, own, from + " uses " + to, "only " + mayUse(from)));
      }
    }
  }

  private static void calls(Source source, JavaText text, List<Violation> found) {
    if (source.isTest() || !MAY_SLEEP.contains(source.room())) {
      String wanted =
          source.isTest()
              ? "a wait for a condition"
              : "waiting only in " + new TreeSet<>(MAY_SLEEP);
      each(source, text, SLEEP, wanted, found);
    }
    if (!source.isTest() && PURE.contains(source.room())) {
      String wanted = "time and chance handed in (" + source.room() + " is pure)";
      each(source, text, CLOCK_OR_CHANCE, wanted, found);
    }
  }

  private static void each(
      Source source, JavaText text, Pattern banned, String wanted, List<Violation> found) {
    Matcher call = banned.matcher(text.code());
    while (call.find()) {
      found.add(at(source, text, call, call.group(), wanted));
    }
  }

  private static void sizes(Source source, JavaText text, List<Violation> found) {
    List<String> lines = source.text().lines().toList();
    if (lines.size() > FILE_LINES_MAX && !reasonIn(lines, 1, REASON_WITHIN)) {
      String wanted = "at most %d, or '%s' near its top".formatted(FILE_LINES_MAX, REASON);
      found.add(new Violation(source.path(), 1, lines.size() + " lines", wanted));
    }
    for (JavaText.Method method : text.methods()) {
      if (method.lines() > METHOD_LINES_MAX
          && !reasonIn(lines, method.firstLine() - 3, method.bodyLine() + 3)) {
        String wanted = "at most %d, or '%s' above it".formatted(METHOD_LINES_MAX, REASON);
        String seen = "a method of %d lines".formatted(method.lines());
        found.add(new Violation(source.path(), method.firstLine(), seen, wanted));
      }
    }
  }

  private static boolean reasonIn(List<String> lines, int from, int to) {
    return lines.subList(Math.max(0, from - 1), Math.min(lines.size(), to)).stream()
        .map(String::strip)
        .anyMatch(line -> line.startsWith(REASON) && line.length() > REASON.length());
  }

  private static void names(Source source, JavaText text, List<Violation> found) {
    for (JavaText.Type type : text.types()) {
      if (NAMES_NOTHING.matcher(type.name()).matches()) {
        String wanted = "a name for the thing, not Manager, Util(s), Impl or Abstract";
        found.add(new Violation(source.path(), type.line(), type.name(), wanted));
      }
    }
  }

  private static void packageInfos(Collection<Source> sources, List<Violation> found) {
    Map<String, Source> infos = new HashMap<>();
    Map<String, Source> folders = new HashMap<>();
    for (Source source : sources) {
      String folder = source.path().substring(0, source.path().lastIndexOf('/') + 1);
      if (!source.isTest()) {
        folders.putIfAbsent(folder, source);
        if (source.isPackageInfo()) {
          infos.put(folder, source);
        }
      }
    }
    folders.forEach((folder, any) -> {
      Source info = infos.get(folder);
      if (info == null) {
        found.add(new Violation(folder, 1, "no package-info.java", "one, with @NullMarked"));
      } else if (!new JavaText(info.text()).code().contains("@NullMarked")
          || !info.text().contains("/**")) {
        String wanted = "Javadoc and @NullMarked";
        found.add(new Violation(info.path(), 1, "a package-info without", wanted));
      }
    });
  }

  private static Violation at(
      Source source, JavaText text, Matcher where, String seen, String wanted) {
    int line =
        1 + (int) text.code().substring(0, where.start()).chars().filter(c -> c == '\n').count();
    return new Violation(source.path(), line, seen, wanted);
  }

  private static Set<String> mayUse(String room) {
    var all = new TreeSet<String>(NEIGHBOURS.getOrDefault(room, Set.of()));
    FLOORS.subList(0, floor(room)).forEach(all::addAll);
    if (ONLY.containsKey(room)) all.retainAll(ONLY.get(room));
    return all;
  }

  private static int floor(String room) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(room)) {
        return floor;
      }
    }
    return -1;
  }
}
