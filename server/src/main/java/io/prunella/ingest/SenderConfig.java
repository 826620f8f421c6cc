package io.prunella.ingest;

/**
 * What one sender may take. A sender is an address; behind a proxy all are one. How many series one
 * may have is {@code watch.sender-series-max}.
 *
 * @param sendersMax senders that are told apart; more share one place
 * @param connectionsMax connections that write, of all senders; more are answered 503
 * @param senderConnectionsMax the same of one sender
 * @param senderBytesMax bytes of one sender's requests that are being read or scored
 * @param silentMs after so long without a sample from anyone, all senders count as silent
 */
public record SenderConfig(
    int sendersMax,
    int connectionsMax,
    int senderConnectionsMax,
    long senderBytesMax,
    long silentMs) {

  public static final SenderConfig DEFAULTS =
      new SenderConfig(1000, 2048, 512, 128L << 20, 300_000);

  public SenderConfig {
    Bounds.between("ingest.senders.senders-max", sendersMax, 1, 10_000);
    Bounds.between("ingest.senders.connections-max", connectionsMax, 1, 1 << 20);
    Bounds.between("ingest.senders.sender-connections-max", senderConnectionsMax, 1, 1 << 20);
    Bounds.between("ingest.senders.sender-bytes-max", senderBytesMax, 2048, 1L << 40);
    Bounds.between("ingest.senders.silent-ms", silentMs, 1_000, 86_400_000);
  }
}
