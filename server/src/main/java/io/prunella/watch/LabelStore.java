package io.prunella.watch;

import io.prunella.series.Fingerprint;
import io.prunella.series.LabelSlices;
import io.prunella.series.Labels;
import java.util.Arrays;

/**
 * The labels of a shard's series, as numbers of symbols: some thirty bytes a series where the plain
 * text takes some 350. The shard's thread only.
 */
final class LabelStore {
  private static final int NOWHERE = -1;

  private final Fingerprint hash;
  private Symbols symbols;
  private Bytes runs =
      new Bytes(); // a run: count of labels, then numbers of name and value in turn
  private int[] begins = new int[1 << 10]; // by row
  private final int[] walk = new int[1];
  private long lost; // bytes of runs whose rows are gone

  LabelStore(Fingerprint hash) {
    this.hash = hash;
    symbols = new Symbols(hash);
    Arrays.fill(begins, NOWHERE);
  }

  /** Keeps a row's labels, and answers them. */
  Labels put(int row, LabelSlices labels) {
    int[] numbers = new int[2 * labels.size()];
    for (int i = 0; i < labels.size(); i++) {
      numbers[2 * i] = symbols.of(labels.bytes(), labels.nameFrom(i), labels.nameTo(i));
      numbers[2 * i + 1] = symbols.of(labels.bytes(), labels.valueFrom(i), labels.valueTo(i));
    }
    return put(row, numbers);
  }

  /** The number of a string, for {@link #put(int, int[])}; good until the next tick. */
  int number(byte[] from, int begin, int end) {
    return symbols.of(from, begin, end);
  }

  /**
   * Keeps a row's labels, and answers them.
   *
   * @param numbers of names and values in turn, sorted by name
   */
  Labels put(int row, int[] numbers) {
    int width = Bytes.width(numbers.length / 2);
    for (int number : numbers) width += Bytes.width(number);
    write(row, numbers, width);
    var pairs = new String[numbers.length];
    for (int i = 0; i < pairs.length; i++) pairs[i] = symbols.text(numbers[i]);
    return Labels.ofSorted(pairs);
  }

  private void write(int row, int[] numbers, int width) {
    if (row >= begins.length) {
      int was = begins.length;
      begins = Arrays.copyOf(begins, Math.max(row + 1, was * 2));
      Arrays.fill(begins, was, begins.length, NOWHERE);
    }
    int run = runs.reserve(width);
    byte[] page = runs.page(run);
    int at = Bytes.write(page, Bytes.offset(run), numbers.length / 2);
    for (int number : numbers) at = Bytes.write(page, at, number);
    begins[row] = run;
  }

  /** A row's labels as strings. */
  Labels labels(int row) {
    byte[] page = runs.page(begins[row]);
    int[] at = {Bytes.offset(begins[row])};
    var pairs = new String[2 * Bytes.read(page, at)];
    for (int i = 0; i < pairs.length; i++) pairs[i] = symbols.text(Bytes.read(page, at));
    return Labels.ofSorted(pairs);
  }

  /**
   * The numbers of a row's symbols, name and value in turn; as many as fit.
   *
   * @return how many there are
   */
  int numbers(int row, int[] into) {
    byte[] page = runs.page(begins[row]);
    walk[0] = Bytes.offset(begins[row]);
    int count = 2 * Bytes.read(page, walk);
    for (int i = 0; i < Math.min(count, into.length); i++) into[i] = Bytes.read(page, walk);
    return count;
  }

  /** Puts a symbol's length and bytes. */
  void putText(int symbol, Frame to) {
    symbols.put(symbol, to);
  }

  /** Forgets a row's labels. */
  void remove(int row) {
    byte[] page = runs.page(begins[row]);
    int offset = Bytes.offset(begins[row]);
    int[] at = {offset};
    for (int left = 2 * Bytes.read(page, at); left > 0; left--) Bytes.read(page, at);
    lost += at[0] - offset;
    begins[row] = NOWHERE;
  }

  /**
   * Makes everything anew without what is lost, when that is most of it: under churn the strings of
   * pods that are gone would otherwise stay for good. Takes about 0.1 µs a live label.
   */
  void compactWhenWorth(int rowsEnd) {
    if (lost < 1 << 16 || lost * 2 < runs.size()) return;
    var newSymbols = new Symbols(hash);
    var oldRuns = runs;
    int[] moved = new int[symbols.count()];
    runs = new Bytes();
    lost = 0;
    int[] at = new int[1];
    for (int row = 0; row < Math.min(rowsEnd, begins.length); row++) {
      if (begins[row] == NOWHERE) continue;
      byte[] page = oldRuns.page(begins[row]);
      at[0] = Bytes.offset(begins[row]);
      int[] numbers = new int[2 * Bytes.read(page, at)];
      int width = Bytes.width(numbers.length / 2);
      for (int i = 0; i < numbers.length; i++) {
        int symbol = Bytes.read(page, at);
        if (moved[symbol] == 0) moved[symbol] = symbols.copyTo(newSymbols, symbol) + 1;
        numbers[i] = moved[symbol] - 1;
        width += Bytes.width(numbers[i]);
      }
      write(row, numbers, width);
    }
    symbols = newSymbols;
  }

  int symbolCount() {
    return symbols.count();
  }

  long bytes() {
    return runs.size() + symbols.bytes() + 4L * begins.length;
  }
}
