package io.prunella.action;

import java.util.List;
import java.util.Map;

/**
 * What {@code http.call} may do.
 *
 * @param hosts {@code host:port} that may be called; empty: none
 * @param tokenFiles {@code host:port} to the file of its bearer token, read at each call
 * @param answerBytesMax of an answer, read
 */
public record HttpConfig(List<String> hosts, Map<String, String> tokenFiles, int answerBytesMax) {
  public static final HttpConfig DEFAULTS = new HttpConfig(List.of(), Map.of(), 4_096);

  public HttpConfig {
    hosts = List.copyOf(hosts);
    tokenFiles = Map.copyOf(tokenFiles);
  }
}
