package io.prunella.train;

import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is known of a data set that is not kept here.
 *
 * @param name one word; the manifest's file is called the same
 * @param folder below the folder that {@code PRUNELLA_DATA} names
 * @param files glob of its files below that folder
 * @param count how many those are
 * @param sha256 of all files: the digest of their digests, in the order of their paths
 * @param split how it is parted into what may be learnt from and what is measured on
 * @param intervalSeconds between rows, where the files have no times; otherwise 0
 */
record Manifest(
    String name,
    String title,
    String source,
    String licence,
    String folder,
    Layout layout,
    String files,
    int count,
    String sha256,
    String split,
    int intervalSeconds) {
  /** How labels lie beside values. */
  enum Layout {
    /** Values in files, windows of anomalies in {@code labels/combined_windows.json}. */
    NAB,
    /** A column {@code label} of 0 and 1. */
    LABELLED,
    /**
     * A column a metric, no times; {@code X_train} is learnt from, {@code X_test} measured on, and
     * {@code interpretation_label/X.txt} says from which row to which which metrics were odd.
     */
    MATRIX
  }

  /** Reads a manifest; problems have file and line. */
  static Manifest read(Path file) throws IOException {
    var problems = new Problems(file.toString());
    var map = YamlMap.parse(file.toString(), Files.readString(file), problems);
    var manifest =
        new Manifest(
            map.text("name"),
            map.text("title"),
            map.text("source"),
            map.text("licence"),
            map.text("folder"),
            map.choice("layout", Layout.class, Layout.LABELLED),
            map.text("files"),
            (int) map.whole("count", 0, 1, 1_000_000),
            map.text("sha256"),
            map.text("split"),
            (int) map.whole("interval-seconds", 0, 0, 86_400));
    map.done();
    problems.throwIfAny();
    return manifest;
  }

  /** All manifests of a folder, by name. */
  static List<Manifest> all(Path folder) throws IOException {
    var manifests = new ArrayList<Manifest>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        manifests.add(read(file));
      }
    }
    return manifests;
  }

  /** The files that are there, in the order of their paths. */
  List<Path> found(Path data) throws IOException {
    Path root = data.resolve(folder);
    if (!Files.isDirectory(root)) return List.of();
    var wanted = FileSystems.getDefault().getPathMatcher("glob:" + files);
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(f -> wanted.matches(root.relativize(f)))
          .sorted()
          .toList();
    }
  }

  /** Digest of the files' digests. */
  static String digest(List<Path> files) throws IOException {
    try {
      var whole = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        whole.update(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
      }
      return HexFormat.of().formatHex(whole.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
