package io.prunella.control;

import io.prunella.remediation.PlannedStep;
import io.prunella.remediation.Remediation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Idempotency keys: UUID version 5 (RFC 9562), the same for the same step of the same remediation.
 */
final class Keys {
  private static final UUID NAMESPACE = UUID.fromString("6f0b4f2e-3f1c-5d0a-9d61-7072756e656c");

  private Keys() {}

  /** The plan and its time are in it: {@code REM-1} of another installation has other keys. */
  static String of(Remediation one, PlannedStep step, boolean back) {
    return version5(
            "%s/%s/%s/%s/%s"
                .formatted(
                    one.id(),
                    one.proposedAt(),
                    one.plan().digest(),
                    back ? "back" : "forward",
                    step.id()))
        .toString();
  }

  private static UUID version5(String name) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-1"); // what version 5 is defined with
      sha.update(
          ByteBuffer.allocate(16)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .flip());
      var hash = ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
      long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
