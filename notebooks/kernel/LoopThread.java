package org.rapaio.jupyter.kernel.channels;

/**
 * Stands before the kernel's own class of this name (rapaio-jupyter-kernel 3.0.1), which has two
 * races at the start. That one says that it runs only after its thread has begun: a thread that
 * looks sooner ends at once. And a request that comes before all handlers are there ends its thread
 * with an exception. Either way the kernel never answers. Here a loop runs from the beginning, and
 * a turn that fails is told and does not end it: who asked asks again. To be dropped with the first
 * release of the kernel that starts in order.
 */
public final class LoopThread extends Thread {
  private final long pauseMs;
  private final Runnable body;
  private volatile boolean isRunning = true;

  public LoopThread(String name, long pauseMs, Runnable body) {
    super(name);
    this.pauseMs = pauseMs;
    this.body = body;
  }

  @Override
  public void run() {
    try {
      while (isRunning) {
        turn();
        Thread.sleep(pauseMs);
      }
    } catch (InterruptedException e) {
      isRunning = false; // whoever interrupts wants it to end
    }
  }

  private void turn() {
    try {
      body.run();
    } catch (RuntimeException e) {
      System.err.println(getName() + ": a turn failed: " + e);
    }
  }

  /** Ends it before its next turn. */
  public void shutdown() {
    isRunning = false;
  }
}
