package io.prunella.server;

import io.prunella.control.Command;
import io.prunella.control.Control;
import org.jspecify.annotations.Nullable;

/** The way from watch up to control, which is made later than watch. Any thread. */
final class Door {
  private volatile @Nullable Control control;

  void open(Control control) {
    this.control = control;
  }

  /** Hands over; before the door is open no sample can have come, as nothing listens yet. */
  void submit(Command command) {
    Control open = control;
    if (open == null)
      throw new IllegalStateException("%s came before control was there".formatted(command));
    open.submit(command);
  }
}
