package io.prunella.watch;

import io.prunella.file.WholeFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows have learnt, on disk. A file is replaced whole or not at all; each frame carries
 * its CRC-32C and the last one the number of rows.
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
  private static final int FRAME_MAX = 64 << 20;

  /** Facts go to the same disk: what is still to be written must never hold one of them up long. */
  private static final int UNWRITTEN_MAX = 16 << 20;

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

  static long write(Path file, long nowMs, int rowDoubles, List<Shard> shards) throws IOException {
    return WholeFile.write(
        file, WholeFile.Readers.USUAL, channel -> write(channel, nowMs, rowDoubles, shards));
  }

  private static void write(FileChannel channel, long nowMs, int rowDoubles, List<Shard> shards)
      throws IOException {
    var head = new Frame(64);
    head.putBytes(MAGIC, 0, MAGIC.length);
    var first = new Frame(16);
    first.putInt(VERSION);
    first.putInt(rowDoubles);
    first.putLong(nowMs);
    head.putInt(first.length);
    head.putInt(crc(first.bytes, first.length));
    head.putBytes(first.bytes, 0, first.length);
    write(channel, head);
    long rows = 0;
    for (Shard shard : shards) rows += drain(shard, channel);
    var end = new Frame(20);
    end.putInt(0);
    end.putLong(rows);
    end.putLong(~rows);
    write(channel, end);
  }

  private static void write(FileChannel channel, Frame... frames) throws IOException {
    for (Frame frame : frames) {
      var left = ByteBuffer.wrap(frame.bytes, 0, frame.length);
      while (left.hasRemaining()) channel.write(left);
    }
  }

  private static int crc(byte[] body, int length) {
    var crc = new CRC32C();
    crc.update(body, 0, length);
    return (int) crc.getValue();
  }

  /** Has a shard copy its rows slice by slice, and writes the slices. */
  private static long drain(Shard shard, FileChannel channel) throws IOException {
    var save = new SaveRows();
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
    var head = new Frame(8);
    int unwritten = 0;
    try {
      while (true) {
        SaveRows.Slice slice = save.filled.poll(50, TimeUnit.MILLISECONDS);
        if (slice != null) {
          var crc = new CRC32C();
          crc.update(slice.strings.bytes, 0, slice.strings.length);
          crc.update(slice.rows.bytes, 0, slice.rows.length);
          head.length = 0;
          head.putInt(slice.strings.length + slice.rows.length);
          head.putInt((int) crc.getValue());
          write(channel, head, slice.strings, slice.rows);
          unwritten += slice.strings.length + slice.rows.length;
          save.empty.offer(slice);
          if (unwritten < UNWRITTEN_MAX) continue;
          channel.force(false);
          unwritten = 0;
        } else if (save.done.isDone() && save.filled.isEmpty()) {
          return save.done.join();
        }
      }
    } catch (java.util.concurrent.CompletionException e) {
      throw new IOException("no checkpoint: shard " + shard.number + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("no checkpoint: interrupted", e);
    } finally {
      save.isGivenUp = true;
    }
  }

  static Restored read(Path file, int rowDoubles, List<Shard> shards, Rooms rooms)
      throws IOException {
    if (!Files.exists(file)) return new Restored(0, 0, null, "");
    try {
      var check = new Walk(rowDoubles);
      // The whole file first: rows are taken from a sound file only.
      check.walk(file, Walk.Way.CHECK, new Look());
      var load = new LoadRows(rowDoubles, shards, rooms.fingerprint());
      check.walk(file, Walk.Way.TAKE, load);
      return new Restored(load.finish(), check.atMs, null, "");
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

  /** Who gets the bodies of a walk. */
  interface Bodies {
    /** Where the next body goes; may be longer than it. */
    byte[] room(int length);

    void take(byte[] body) throws IOException;
  }

  /** Wants nothing of them: each may lie over the one before. */
  private static final class Look implements Bodies {
    private byte[] room = {};

    @Override
    public byte[] room(int length) {
      if (room.length < length) room = new byte[length];
      return room;
    }

    @Override
    public void take(byte[] body) {}
  }

  /** Reads the frames of a file and checks all that can be checked. */
  private static final class Walk {
    private final int rowDoubles;
    long atMs;

    /** What a walk is for. */
    enum Way {
      /** Looks at every checksum. */
      CHECK,
      /** Trusts a walk before. */
      TAKE
    }

    Walk(int rowDoubles) {
      this.rowDoubles = rowDoubles;
    }

    void walk(Path file, Way way, Bodies bodies) throws IOException {
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
          if (length < 0 || length > FRAME_MAX) {
            throw new Damaged("a frame of %d bytes, wanted 1 to %d".formatted(length, FRAME_MAX));
          }
          byte[] room = bodies.room(length);
          int crc = in.readInt();
          in.readFully(room, 0, length);
          if (way == Way.CHECK && crc(room, length) != crc) {
            throw new Damaged("a frame's checksum is wrong");
          }
          rows += rowsIn(room);
          bodies.take(room);
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
      int length = in.readInt();
      int crc = in.readInt();
      byte[] body = in.readNBytes(Math.clamp(length, 0, 1024));
      if (length < 16 || body.length < length || crc(body, length) != crc) {
        throw new Damaged("its head is damaged");
      }
      int version = Frame.intAt(body, 0);
      int doubles = Frame.intAt(body, 4);
      atMs = Frame.longAt(body, 8);
      if (version != VERSION || doubles != rowDoubles) {
        throw new Damaged(
            "it has version %d with %d doubles a row, wanted version %d with %d"
                .formatted(version, doubles, VERSION, rowDoubles));
      }
    }

    private static int rowsIn(byte[] body) {
      int at = 4;
      for (int left = Frame.intAt(body, 0); left > 0; left--) at += 4 + Frame.intAt(body, at);
      return Frame.intAt(body, at);
    }
  }
}
