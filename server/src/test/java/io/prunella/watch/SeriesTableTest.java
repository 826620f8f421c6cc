package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesTableTest {
  @Test
  void add_inOrder_rowsAreDense() {
    var table = new SeriesTable();
    for (int i = 0; i < 10_000; i++) assertThat(table.add(mix(i))).isEqualTo(i);
    for (int i = 0; i < 10_000; i++) assertThat(table.find(mix(i))).isEqualTo(i);
    assertThat(table.find(mix(10_000))).isEqualTo(SeriesTable.NONE);
  }

  @Test
  void remove_thenAdd_givesTheLowestFreeRow() {
    var table = new SeriesTable();
    for (int i = 0; i < 100; i++) table.add(mix(i));
    for (int row : new int[] {70, 3, 41}) table.remove(row);
    assertThat(table.add(mix(1000))).isEqualTo(3);
    assertThat(table.add(mix(1001))).isEqualTo(41);
    assertThat(table.add(mix(1002))).isEqualTo(70);
    assertThat(table.add(mix(1003))).isEqualTo(100);
  }

  @Test
  void find_samePlaceAndTag_isToldApartByTheFullPrint() {
    var table = new SeriesTable();
    // The same 40 upper bits and the same home slot; they differ in bits that only the full print
    // has.
    long one = 0xabcdef0123000001L;
    long other = one | 1 << 22;
    int row = table.add(one);
    assertThat(table.find(other)).isEqualTo(SeriesTable.NONE);
    int second = table.add(other);
    assertThat(table.find(one)).isEqualTo(row);
    assertThat(table.find(other)).isEqualTo(second);
  }

  /** Random adding and removing, also of prints that crowd one place, against a HashMap. */
  @Test
  void everything_randomChurn_agreesWithAMap() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var table = new SeriesTable();
      var model = new HashMap<Long, Integer>();
      var prints = new ArrayList<Long>();
      for (int step = 0; step < 20_000; step++) {
        if (prints.isEmpty() || random.nextInt(100) < 55) {
          long print =
              random.nextBoolean() ? random.nextLong() | 1 : (long) random.nextInt(5000) << 40 | 7;
          if (model.containsKey(print)) continue;
          model.put(print, table.add(print));
          prints.add(print);
        } else {
          int at = random.nextInt(prints.size());
          long print = prints.get(at);
          prints.set(at, prints.getLast());
          prints.removeLast();
          table.remove(model.remove(print));
          assertThat(table.find(print)).as("seed %d", seed).isEqualTo(SeriesTable.NONE);
        }
      }
      assertThat(table.live()).as("seed %d", seed).isEqualTo(model.size());
      model.forEach((print, row) -> assertThat(table.find(print)).isEqualTo(row));
    }
  }

  private static long mix(long i) {
    return (i + 1) * 0x9e3779b97f4a7c15L;
  }
}
