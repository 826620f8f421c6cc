import com.google.googlejavaformat.java.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or mends ({@code replace}) the format of every Java source of every
 * module, in one JVM. Run by the root pom: {@code mvn verify} checks, {@code mvn -N -Pformat
 * validate} mends.
 */
final class Format {
  private static final List<String> ROOTS =
      List.of("detector/src", "trainer/src", "server/src", "notebooks", ".ci");

  public static void main(String[] args) throws Exception {
    boolean replace = args.length == 1 && args[0].equals("replace");
    if (!replace && !(args.length == 1 && args[0].equals("check"))) {
      System.err.println("Format: one argument wanted, check or replace");
      System.exit(2);
    }
    int odd = 0;
    for (Path file : sources()) {
      String seen = Files.readString(file);
      String wanted;
      try {
        wanted = new Formatter().formatSourceAndFixImports(seen);
      } catch (Exception e) {
        System.err.println(file + ": " + e.getMessage());
        odd++;
        continue;
      }
      if (wanted.equals(seen)) {
        continue;
      }
      if (replace) {
        Files.writeString(file, wanted);
        System.out.println("formatted " + file);
      } else {
        System.err.println(
            file + ":" + firstDifference(seen, wanted) + ": not as google-java-format has it");
        odd++;
      }
    }
    if (odd > 0) {
      System.err.println(odd + " files to format; do it with: mvn -N -Pformat validate");
      System.exit(1);
    }
  }

  private static List<Path> sources() throws IOException {
    var all = new java.util.ArrayList<Path>();
    for (String root : ROOTS) {
      if (!Files.isDirectory(Path.of(root))) {
        continue;
      }
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(all::add);
      }
    }
    return all;
  }

  private static int firstDifference(String seen, String wanted) {
    List<String> a = seen.lines().toList();
    List<String> b = wanted.lines().toList();
    int line = 0;
    while (line < a.size() && line < b.size() && a.get(line).equals(b.get(line))) {
      line++;
    }
    return line + 1;
  }
}
