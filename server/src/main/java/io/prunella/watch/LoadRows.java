package io.prunella.watch;

import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Gives the rows of a checkpoint's frames to the shards that own them; the next frames are read
 * while shards still take the ones before. The reader's thread only.
 */
final class LoadRows implements Checkpoint.Bodies {
  private static final int PARTS_WAITING_MAX = 8;

  private final int rowDoubles;
  private final List<Shard> shards;
  private final Fingerprint fingerprint;
  private final LabelSlices slices = new LabelSlices();
  private final ArrayDeque<Part> waiting = new ArrayDeque<>();
  // Bodies whose rows are all taken: new ones for each frame would be as much garbage as all rows.
  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
  private long taken;

  LoadRows(int rowDoubles, List<Shard> shards, Fingerprint fingerprint) {
    this.rowDoubles = rowDoubles;
    this.shards = shards;
    this.fingerprint = fingerprint;
  }

  /** Room for the next frame's body. */
  @Override
  public byte[] room(int length) {
    byte[] bytes = spare.poll();
    return bytes != null && bytes.length >= length ? bytes : new byte[length + length / 8];
  }

  /** Hands a frame's rows over; the bytes stay with the shards until they are done. */
  @Override
  public void take(byte[] body) throws IOException {
    int strings = Frame.intAt(body, 0);
    var texts = new int[strings + 1]; // where each string's length stands, then the end
    int at = 4;
    for (int i = 0; i < strings; i++) {
      texts[i] = at;
      at += 4 + Frame.intAt(body, at);
    }
    texts[strings] = at;
    int rows = Frame.intAt(body, at);
    at += 4;
    var parts = new Part[shards.size()];
    for (int i = 0; i < parts.length; i++) parts[i] = new Part(body, texts, rows);
    for (int left = rows; left > 0; left--) {
      int labels = labels(body, texts, at, slices);
      slices.sort();
      long print = fingerprint.of(slices);
      parts[Fingerprint.shard(print, parts.length)].add(at, print);
      at = labels + 9 + 8 * rowDoubles;
      at += 4 + 8 * Frame.intAt(body, at);
    }
    Part last = null;
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].count == 0) continue;
      last = parts[i];
      hand(shards.get(i), parts[i]);
    }
    if (last != null) last.isLast = true;
  }

  /** Labels of the row at a place; answers where the rest of the row begins. */
  private static int labels(byte[] body, int[] texts, int row, LabelSlices into) {
    into.clear(body);
    int count = Frame.shortAt(body, row);
    int at = row + 2;
    for (int i = 0; i < count; i++, at += 8) {
      int name = Frame.intAt(body, at);
      int value = Frame.intAt(body, at + 4);
      into.add(texts[name] + 4, texts[name + 1], texts[value] + 4, texts[value + 1]);
    }
    return at;
  }

  private void hand(Shard shard, Part part) throws IOException {
    if (waiting.size() >= PARTS_WAITING_MAX) await();
    waiting.add(part);
    if (!shard.ask(part)) throw new IOException("nothing restored: the watch is closed");
  }

  private void await() throws IOException {
    try {
      Part oldest = waiting.remove();
      taken += oldest.done.join();
      // Parts are awaited in order: those of the same body before it are done as well.
      if (oldest.isLast) spare.add(oldest.body);
    } catch (CompletionException e) {
      throw new IOException("a shard could not take its rows", e.getCause());
    }
  }

  /** Waits for the shards; answers how many rows were taken. */
  long finish() throws IOException {
    while (!waiting.isEmpty()) await();
    return taken;
  }

  /** Rows of one frame that go to one shard. */
  private final class Part implements Work {
    private final byte[] body;
    private final int[] texts;
    private int[] begins = new int[16];
    private long[] prints = new long[16];
    private int count;
    private boolean isLast; // of its body's parts
    final CompletableFuture<Integer> done = new CompletableFuture<>();

    Part(byte[] body, int[] texts, int rowsMax) {
      this.body = body;
      this.texts = texts;
      if (shards.size() == 1) {
        begins = new int[rowsMax];
        prints = new long[rowsMax];
      }
    }

    void add(int begin, long print) {
      if (count == begins.length) {
        begins = Arrays.copyOf(begins, count * 2);
        prints = Arrays.copyOf(prints, count * 2);
      }
      begins[count] = begin;
      prints[count++] = print;
    }

    @Override
    public void run(Shard shard) {
      var known = new int[texts.length]; // by string of the frame: its number in the shard + 1
      int rows = 0;
      for (int i = 0; i < count; i++) {
        int at = begins[i] + 2;
        var numbers = new int[2 * Frame.shortAt(body, begins[i])];
        for (int k = 0; k < numbers.length; k++, at += 4) {
          numbers[k] = number(shard, Frame.intAt(body, at), known);
        }
        if (shard.restore(prints[i], numbers, body, at)) rows++;
      }
      done.complete(rows);
    }

    /** Series share most of their strings: each is looked up once a frame. */
    private int number(Shard shard, int text, int[] known) {
      if (known[text] == 0) {
        known[text] = 1 + shard.labels.number(body, texts[text] + 4, texts[text + 1]);
      }
      return known[text] - 1;
    }

    @Override
    public void fail(Throwable why) {
      done.completeExceptionally(why);
    }
  }
}
