package io.prunella.signal;

/**
 * The part one series plays in a resource that has a hard limit.
 *
 * @param resource joins the parts of one resource: service, instance and what is bounded (device,
 *     pool, …), already made one string by the catalogue
 * @param role whether this series is the use, the limit itself, what is still free, or already a
 *     share from 0 to 1
 * @param headroom share of the limit above which it is a symptom, in (0, 1]
 */
public record LimitPart(String resource, Role role, double headroom) {
  /** What a part measures. */
  public enum Role {
    USED,
    LIMIT,
    FREE,
    SHARE
  }
}
