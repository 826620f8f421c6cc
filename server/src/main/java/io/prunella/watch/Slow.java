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

  void fail(Throwable why);
}
