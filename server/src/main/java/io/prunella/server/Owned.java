package io.prunella.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts that end together, the last one first, whatever one of them says to it. One thread. */
final class Owned implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Owned.class);
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("msg=\"a part did not close cleanly\" error=\"{}\"", e.toString());
      }
    }
  }
}
