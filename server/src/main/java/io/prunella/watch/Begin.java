package io.prunella.watch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Begins a long piece of work when its turn comes, and says when it is over.
 *
 * @param waiting how many wait or are under way; one less when it is over
 */
record Begin(Slow work, AtomicInteger waiting) implements Work, Slow {
  @Override
  public void run(Shard shard) {
    shard.begin(this);
  }

  @Override
  public Step step(Shard shard) {
    Step step = work.step(shard);
    if (step == Step.DONE) waiting.decrementAndGet();
    return step;
  }

  @Override
  public void fail(Throwable why) {
    waiting.decrementAndGet();
    work.fail(why);
  }
}
