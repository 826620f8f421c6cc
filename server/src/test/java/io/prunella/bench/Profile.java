package io.prunella.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where the time goes: samples of a flight recording, put to the part of the work they fell in. */
final class Profile {
  /** Parts in the order in which a stack, from its innermost frame, is held against them. */
  private static final Map<String, Pattern> PARTS = new LinkedHashMap<>();

  static {
    part("decompression (snappy)", "compress\\.v3|SnappyDecompressor");
    part("hash of label bytes", "series\\.Fingerprint");
    part("memory of known label bytes", "ingest\\.Known");
    part("walk over the message", "ingest\\.(Decoder|Wire|Samples|Request)");
    part("look-up of rows", "watch\\.SeriesTable");
    part("limits, means and changes", "watch\\.(Gather|Changes|Means?\\b|Events)|LimitTracker");
    part("detection", "io\\.prunella\\.detect");
    part("recent window", "watch\\.(Recent|ChunkStore)");
    part("checkpoint", "watch\\.(Checkpoint|RowFile)|CheckpointKeeper");
    part("tick: silence, forgetting", "watch\\.Shard\\.tick");
    part("shards: the rest", "io\\.prunella\\.watch");
    part("door: the rest", "io\\.prunella\\.ingest");
    part("HTTP and sockets", "io\\.(netty|vertx)|sun\\.nio");
    part("grouping, diagnosis, decisions", "io\\.prunella");
    part("the rest", ".");
  }

  private Profile() {}

  private static void part(String name, String frame) {
    PARTS.put(name, Pattern.compile(frame));
  }

  /** Per cent of the samples in Java code, by part; parts with none are left out. */
  static Map<String, Double> shares(Path recording) throws IOException {
    var counts = new LinkedHashMap<String, Integer>();
    PARTS.keySet().forEach(part -> counts.put(part, 0));
    int all = 0;
    try (var file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        String name = event.getEventType().getName();
        boolean isNative = name.equals("jdk.NativeMethodSample");
        if (!name.equals("jdk.ExecutionSample") && !isNative) continue;
        if (event.getStackTrace() == null || (isNative && !isWork(event))) continue;
        counts.merge(partOf(event), 1, Integer::sum);
        all++;
      }
    }
    var shares = new LinkedHashMap<String, Double>();
    for (var count : counts.entrySet()) {
      if (count.getValue() > 0) shares.put(count.getKey(), 100.0 * count.getValue() / all);
    }
    return shares;
  }

  /** Bytes that threads whose names fit a pattern have allocated while it was recorded. */
  static double allocated(Path recording, String threads) throws IOException {
    var least = new HashMap<String, Long>();
    var most = new HashMap<String, Long>();
    try (var file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (!event.getEventType().getName().equals("jdk.ThreadAllocationStatistics")) continue;
        var thread = event.getThread("thread");
        String name = thread == null ? null : thread.getJavaName();
        if (name == null || !name.matches(threads)) continue;
        least.merge(name, event.getLong("allocated"), Math::min);
        most.merge(name, event.getLong("allocated"), Math::max);
      }
    }
    double bytes = 0;
    for (var one : most.entrySet()) bytes += one.getValue() - least.get(one.getKey());
    return bytes;
  }

  /** A thread that waits in a system call is sampled as well: it does not count. */
  private static boolean isWork(RecordedEvent event) {
    String top = event.getStackTrace().getFrames().getFirst().getMethod().getName();
    return !top.contains("Wait") && !top.contains("wait") && !top.equals("accept");
  }

  private static String partOf(RecordedEvent event) {
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
      for (var part : PARTS.entrySet()) {
        if (part.getKey().equals("the rest")) break;
        if (part.getValue().matcher(name).find()) return part.getKey();
      }
    }
    return "the rest";
  }
}
