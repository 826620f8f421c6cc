package io.prunella.train;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A bar on a terminal, nothing elsewhere. */
final class Progress implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  Progress(String task, long steps) {
    var console = System.console();
    boolean isSeen = console != null && console.isTerminal();
    bar = isSeen ? new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).build() : null;
  }

  void step() {
    if (bar != null) bar.step();
  }

  /** Goes on to so many steps in all. */
  void stepTo(long steps) {
    if (bar != null) bar.stepTo(steps);
  }

  @Override
  public void close() {
    if (bar != null) bar.close();
  }
}
