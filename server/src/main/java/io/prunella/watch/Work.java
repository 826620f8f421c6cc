package io.prunella.watch;

/** Something that a shard's thread does between two blocks. */
interface Work {
  void run(Shard shard);

  /** It will not be done: the shard closes or broke down over it. */
  void fail(Throwable why);
}
