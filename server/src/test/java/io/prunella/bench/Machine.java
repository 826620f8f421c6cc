package io.prunella.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Properties;

/** What was measured, on what, and when. */
final class Machine {
  private Machine() {}

  static void describe(Path home, Properties into) throws IOException, InterruptedException {
    into.setProperty("machine.cpu", line("/proc/cpuinfo", "model name"));
    into.setProperty("machine.cores", "" + Runtime.getRuntime().availableProcessors());
    String kib = line("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    into.setProperty("machine.memoryGiB", "" + Math.round(Long.parseLong(kib) / 1048576.0));
    into.setProperty(
        "machine.system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    into.setProperty("machine.java", System.getProperty("java.vm.version"));
    into.setProperty("date", LocalDate.now(ZoneOffset.UTC).toString());
    var git =
        new ProcessBuilder("git", "-C", home.toString(), "describe", "--always", "--dirty")
            .redirectErrorStream(true)
            .start();
    String commit = new String(git.getInputStream().readAllBytes()).strip();
    into.setProperty("commit", git.waitFor() == 0 ? commit : "unknown");
  }

  /** CPU time of a process so far, in seconds: of itself and of the kernel for it. */
  static double[] cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new double[] {Long.parseLong(fields[11]) / 100.0, Long.parseLong(fields[12]) / 100.0};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CPU time that all cores have been busy with anything, in seconds. */
  static double busySeconds() throws IOException {
    String[] fields = line("/proc/stat", "cpu ", ' ').strip().split(" +");
    // user nice system idle iowait irq softirq steal
    long idle = Long.parseLong(fields[3]) + Long.parseLong(fields[4]);
    long all = 0;
    for (int i = 0; i < 8; i++) all += Long.parseLong(fields[i]);
    return (all - idle) / 100.0;
  }

  private static String line(String file, String key) throws IOException {
    return line(file, key, ':');
  }

  private static String line(String file, String key, char end) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(key)) return line.substring(line.indexOf(end) + 1).strip();
    }
    return "unknown";
  }
}
