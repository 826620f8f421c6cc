package io.prunella.watch;

import io.prunella.series.Fingerprint;
import io.prunella.series.Labels;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows have learnt, on disk. A file is written beside the old one, synced and renamed over
 * it, so that a reader finds the old or the new whole; each frame carries its CRC-32C and the last
 * one the number of rows.
 */
public final class Checkpoint {
  /*
   * "PRUNELLA WATCH\n", then frames: length (int), CRC-32C of the body (int), body.
   * First body: version, doubles of a state row, time. Then bodies of rows with a dictionary of their strings. Last body:
   * length 0 is the mark, followed by the count of rows (long) and its CRC. Big-endian. A row is whole in itself, rows of one
   * file are of different moments: each is as it was when its slice was written.
   */
  private static final byte[] MAGIC = "PRUNELLA WATCH\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int ROWS_A_FRAME = 256;
  private static final int FRAME_MAX = 64 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

  private Checkpoint() {}

  /**
   * What a restart got back.
   *
   * @param rows rows that go on where they were
   * @param atMs when the checkpoint was begun; 0 when there was none
   * @param setAside where a file that could not be used was put, or null
   * @param why why it could not be used; empty when it could
   */
  public record Restored(long rows, long atMs, @Nullable Path setAside, String why) {}

  /** One row out of a file. */
  record SavedRow(
      Labels labels, long print, byte marks, long lastBits, double[] state, long[] recent) {}

  static long write(Path file, long nowMs, int rowDoubles, List<Shard> shards) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    long bytes;
    try (var channel =
            FileChannel.open(
                next,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        var out =
            new DataOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16))) {
      out.write(MAGIC);
      var head = new ByteArrayOutputStream();
      var headOut = new DataOutputStream(head);
      headOut.writeInt(VERSION);
      headOut.writeInt(rowDoubles);
      headOut.writeLong(nowMs);
      frame(out, head.toByteArray());
      long rows = 0;
      for (Shard shard : shards) rows += drain(shard, out);
      out.writeInt(0);
      out.writeLong(rows);
      out.writeLong(~rows);
      out.flush();
      channel.force(true);
      bytes = channel.size();
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
    return bytes;
  }

  private static void frame(DataOutputStream out, byte[] body) throws IOException {
    out.writeInt(body.length);
    out.writeInt(crc(body));
    out.write(body);
  }

  private static int crc(byte[] body) {
    var crc = new CRC32C();
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }

  /** Has a shard copy its rows slice by slice, and writes the slices. */
  private static long drain(Shard shard, DataOutputStream out) throws IOException {
    var save = new Save();
    boolean isOpen =
        shard.ask(
            new Work() {
              @Override
              public void run(Shard of) {
                of.begin(save);
              }

              @Override
              public void fail(Throwable why) {
                save.fail(why);
              }
            });
    if (!isOpen) throw new IOException("no checkpoint: the watch is closed");
    try {
      while (true) {
        byte[] body = save.frames.poll(50, TimeUnit.MILLISECONDS);
        if (body != null) {
          frame(out, body);
        } else if (save.done.isDone() && save.frames.isEmpty()) {
          return save.done.join();
        }
      }
    } catch (java.util.concurrent.CompletionException e) {
      throw new IOException("no checkpoint: shard " + shard.number + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      save.isGivenUp = true;
      throw new IOException("no checkpoint: interrupted", e);
    } catch (IOException e) {
      save.isGivenUp = true;
      throw e;
    }
  }

  /** Copies a shard's rows into frames, as fast as they are written and no faster. */
  private static final class Save implements Slow {
    final ArrayBlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(8);
    final CompletableFuture<Long> done = new CompletableFuture<>();
    volatile boolean isGivenUp;
    private int row;
    private long saved;

    @Override
    public Step step(Shard shard) {
      if (isGivenUp) return Step.DONE;
      if (frames.remainingCapacity() == 0) return Step.WAITING;
      int end = shard.table.rowsEnd();
      var rows = new ArrayList<Integer>();
      for (; row < end && rows.size() < ROWS_A_FRAME; row++) {
        if (shard.table.isLive(row)) rows.add(row);
      }
      if (!rows.isEmpty()) {
        frames.add(body(shard, rows));
        saved += rows.size();
      }
      if (row < end) return Step.MORE;
      done.complete(saved);
      return Step.DONE;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }

  private static byte[] body(Shard shard, List<Integer> rows) {
    var dictionary = new HashMap<String, Integer>();
    var strings = new ByteArrayOutputStream();
    var packed = new ByteArrayOutputStream();
    var all = new ByteArrayOutputStream();
    try {
      var stringsOut = new DataOutputStream(strings);
      var out = new DataOutputStream(packed);
      for (int row : rows) {
        Labels labels = shard.labels.labels(row);
        out.writeShort(labels.size());
        for (var label : labels.toMap().entrySet()) {
          out.writeInt(number(label.getKey(), dictionary, stringsOut));
          out.writeInt(number(label.getValue(), dictionary, stringsOut));
        }
        out.writeByte(shard.rows.marks[row]);
        out.writeLong(shard.rows.lastBits[row]);
        double[] page = shard.rows.page(row);
        int at = shard.rows.at(row);
        for (int i = 0; i < shard.rows.rowDoubles(); i++) {
          out.writeLong(Double.doubleToRawLongBits(page[at + i]));
        }
        long[] recent = shard.recent.save(row);
        out.writeInt(recent.length);
        for (long word : recent) out.writeLong(word);
      }
      var allOut = new DataOutputStream(all);
      allOut.writeInt(dictionary.size());
      strings.writeTo(allOut);
      allOut.writeInt(rows.size());
      packed.writeTo(allOut);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to write", e);
    }
    return all.toByteArray();
  }

  private static int number(
      String text, HashMap<String, Integer> dictionary, DataOutputStream strings)
      throws IOException {
    Integer known = dictionary.get(text);
    if (known != null) return known;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    strings.writeInt(bytes.length);
    strings.write(bytes);
    int number = dictionary.size();
    dictionary.put(text, number);
    return number;
  }

  static Restored read(Path file, int rowDoubles, List<Shard> shards, Rooms rooms)
      throws IOException {
    if (!Files.exists(file)) return new Restored(0, 0, null, "");
    try {
      var check = new Walk(rowDoubles);
      check.walk(file, _ -> {}); // the whole file first: rows are taken from a sound file only
      var taken = new long[1];
      check.walk(file, body -> taken[0] += take(body, rowDoubles, shards, rooms.fingerprint()));
      return new Restored(taken[0], check.atMs, null, "");
    } catch (Damaged e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.error("checkpoint {} is set aside as {}: {}", file, aside, e.getMessage());
      return new Restored(0, 0, aside, String.valueOf(e.getMessage()));
    }
  }

  /** A file that cannot be used, and why. */
  private static final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    Damaged(String why) {
      super(why);
    }
  }

  private interface Bodies {
    void take(byte[] body) throws IOException;
  }

  /** Reads the frames of a file and checks all that can be checked. */
  private static final class Walk {
    private final int rowDoubles;
    long atMs;

    Walk(int rowDoubles) {
      this.rowDoubles = rowDoubles;
    }

    void walk(Path file, Bodies bodies) throws IOException {
      try (var in =
          new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
        if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
          throw new Damaged("it does not begin as a checkpoint does");
        }
        head(in);
        long rows = 0;
        while (true) {
          int length = in.readInt();
          if (length == 0) break;
          byte[] body = body(in, length);
          rows += rowsIn(body);
          bodies.take(body);
        }
        long said = in.readLong();
        if (said != rows || in.readLong() != ~said) {
          throw new Damaged("it has %d rows and says %d".formatted(rows, said));
        }
      } catch (java.io.EOFException _) {
        throw new Damaged("it ends early");
      }
    }

    private void head(DataInputStream in) throws IOException {
      var head = new DataInputStream(new ByteArrayInputStream(body(in, in.readInt())));
      int version = head.readInt();
      int doubles = head.readInt();
      atMs = head.readLong();
      if (version != VERSION || doubles != rowDoubles) {
        throw new Damaged(
            "it has version %d with %d doubles a row, wanted version %d with %d"
                .formatted(version, doubles, VERSION, rowDoubles));
      }
    }

    private static byte[] body(DataInputStream in, int length) throws IOException {
      if (length <= 0 || length > FRAME_MAX) {
        throw new Damaged("a frame of %d bytes, wanted 1 to %d".formatted(length, FRAME_MAX));
      }
      int crc = in.readInt();
      byte[] body = in.readNBytes(length);
      if (body.length < length) throw new Damaged("it ends early");
      if (crc(body) != crc) throw new Damaged("a frame's checksum is wrong");
      return body;
    }

    private static int rowsIn(byte[] body) throws IOException {
      var in = new DataInputStream(new ByteArrayInputStream(body));
      for (int left = in.readInt(); left > 0; left--) in.skipNBytes(in.readInt());
      return in.readInt();
    }
  }

  /** Has the shards take a frame's rows; answers how many were taken. */
  private static int take(byte[] body, int rowDoubles, List<Shard> shards, Fingerprint fingerprint)
      throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(body));
    var strings = new String[in.readInt()];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
    var byShard = new ArrayList<List<SavedRow>>();
    for (int i = 0; i < shards.size(); i++) byShard.add(new ArrayList<>());
    for (int left = in.readInt(); left > 0; left--) {
      SavedRow row = row(in, strings, rowDoubles, fingerprint);
      byShard.get(Fingerprint.shard(row.print(), shards.size())).add(row);
    }
    int taken = 0;
    for (int i = 0; i < shards.size(); i++) taken += load(shards.get(i), byShard.get(i));
    return taken;
  }

  private static SavedRow row(
      DataInputStream in, String[] strings, int rowDoubles, Fingerprint fingerprint)
      throws IOException {
    var pairs = new String[2 * in.readUnsignedShort()];
    for (int i = 0; i < pairs.length; i++) pairs[i] = strings[in.readInt()];
    Labels labels = Labels.ofSorted(pairs);
    byte marks = in.readByte();
    long lastBits = in.readLong();
    var state = new double[rowDoubles];
    for (int i = 0; i < rowDoubles; i++) state[i] = Double.longBitsToDouble(in.readLong());
    var recent = new long[in.readInt()];
    for (int i = 0; i < recent.length; i++) recent[i] = in.readLong();
    return new SavedRow(labels, fingerprint.of(labels), marks, lastBits, state, recent);
  }

  private static int load(Shard shard, List<SavedRow> rows) throws IOException {
    var done = new CompletableFuture<Integer>();
    boolean isOpen =
        shard.ask(
            new Work() {
              @Override
              public void run(Shard of) {
                int taken = 0;
                for (SavedRow row : rows) if (of.restore(row)) taken++;
                done.complete(taken);
              }

              @Override
              public void fail(Throwable why) {
                done.completeExceptionally(why);
              }
            });
    if (!isOpen) throw new IOException("nothing restored: the watch is closed");
    return done.join();
  }
}
