package io.prunella.demo;

import io.prunella.control.Desk;
import io.prunella.remediation.Action;
import io.prunella.runbook.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A running server, as far as the demo has to do with it: the one place where the two join. */
public interface Roof extends AutoCloseable {
  /** Where people and senders reach it: {@code http://127.0.0.1:9642}. */
  String address();

  /** The first admin token, when this start has made it. */
  Optional<String> token();

  Desk desk();

  /**
   * Scores, decides and acts on everything up to now; returns when nothing more can happen then.
   */
  void settle(Instant now);

  @Override
  void close();

  /** Opens a server. */
  @FunctionalInterface
  interface Opener {
    /**
     * @throws RuntimeException with words for a person when it cannot be opened
     */
    Roof open(Setup setup);
  }

  /**
   * What is particular about the demo's server; all else is as it ships.
   *
   * @param listenAddress host and port; port 0 for any
   * @param clock simulated time, never the wall's
   * @param writeToken what the fleet shows as bearer token when it writes
   * @param targets the services that may be acted on
   * @param runbooks file name to YAML, in place of the shipped catalogue
   */
  record Setup(
      Path storage,
      String listenAddress,
      String logLevel,
      InstantSource clock,
      List<Action> actions,
      String writeToken,
      List<Target> targets,
      Map<String, String> runbooks) {}
}
