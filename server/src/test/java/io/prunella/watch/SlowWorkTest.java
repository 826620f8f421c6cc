package io.prunella.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SlowWorkTest {
  private final SlowWork work = new SlowWork();

  private record Piece(String name, int workBetween) implements Slow {
    @Override
    public Step step(Shard shard) {
      return Step.MORE;
    }

    @Override
    public void fail(Throwable why) {}
  }

  private String next(boolean isIdle) {
    return work.next(isIdle) instanceof Piece piece ? piece.name : "none";
  }

  private ArrayList<String> after(int pieces) {
    var slices = new ArrayList<String>();
    for (int i = 0; i < pieces; i++) {
      work.worked();
      slices.add(next(false));
    }
    return slices;
  }

  @Test
  void next_nothingBegun_isNone() {
    assertThat(next(true)).isEqualTo("none");
    assertThat(work.isEmpty()).isTrue();
  }

  @Test
  void next_idleInbox_goesRoundThemAll() {
    work.add(new Piece("checkpoint", 3));
    work.add(new Piece("read", 1));
    assertThat(work.hasOthers()).isTrue();
    assertThat(next(true)).isEqualTo("checkpoint");
    assertThat(next(true)).isEqualTo("read");
    assertThat(next(true)).isEqualTo("checkpoint");
  }

  @Test
  void next_busyInbox_letsSoMuchWorkGoFirstAsEachAsks() {
    work.add(new Piece("checkpoint", 3));
    assertThat(after(4)).containsExactly("none", "none", "checkpoint", "none");
    work.add(new Piece("read", 1));
    assertThat(after(4)).containsExactly("read", "checkpoint", "read", "read");
  }

  @Test
  void end_oneOfThem_leavesTheOthers() {
    var read = new Piece("read", 1);
    work.add(read);
    work.add(new Piece("checkpoint", 3));
    work.end(read);
    assertThat(work.hasOthers()).isFalse();
    assertThat(next(true)).isEqualTo("checkpoint");
    var left = new ArrayList<Slow>();
    work.endAll(left::add);
    assertThat(left).containsExactly(new Piece("checkpoint", 3));
    assertThat(work.isEmpty()).isTrue();
  }
}
