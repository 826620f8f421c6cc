package io.prunella.watch;

/** Something that takes a shard long and is done in slices, so that blocks do not wait for it. */
interface Slow {
  /** What a slice came to. */
  enum Step {
    MORE,
    WAITING,
    DONE
  }

  Step step(Shard shard);

  /** Pieces of work from the inbox that come before the next slice, while there are any. */
  default int workBetween() {
    return 1;
  }

  void fail(Throwable why);
}
