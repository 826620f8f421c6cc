package io.prunella.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash that chains the facts: SHA-256 over a zero byte and the canonical JSON (RFC 8785) of the
 * entry, with the hash of the entry before, the algorithm's name and the body as one string. The
 * zero byte keeps leaves apart from inner nodes, should heads become Merkle trees (RFC 6962).
 */
final class Seal {
  /** Is part of what is hashed: an entry cannot be taken for one of a weaker kind. */
  static final String ALGORITHM = "sha-256";

  static final String FIRST = "0".repeat(64);

  private static final HexFormat HEX = HexFormat.of();

  private Seal() {}

  static String hash(long seq, String at, String actor, String type, String body, String previous) {
    var json = new StringBuilder(body.length() + 256);
    json.append("{\"actor\":");
    quote(json, actor).append(",\"algorithm\":\"").append(ALGORITHM).append("\",\"at\":");
    quote(json, at).append(",\"body\":");
    quote(json, body).append(",\"previous\":");
    quote(json, previous).append(",\"seq\":").append(seq).append(",\"type\":");
    quote(json, type).append('}');
    MessageDigest sha = sha256();
    sha.update((byte) 0);
    return HEX.formatHex(sha.digest(json.toString().getBytes(StandardCharsets.UTF_8)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As RFC 8785 wants strings: the shortest escapes, everything else as it is. */
  private static StringBuilder quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20) out.append("\\u%04x".formatted((int) c));
          else out.append(c);
        }
      }
    }
    return out.append('"');
  }
}
