package io.prunella.signal;

/**
 * Something about a service was changed on purpose: a deploy, a restart, a new configuration.
 *
 * @param service the service that was changed
 * @param what one word: {@code deploy}, {@code restart}, {@code config}, {@code scale}
 * @param atMs when, milliseconds since the epoch
 * @param detail for people: "version 2.41.3 → 2.42.0"
 */
public record Change(String service, String what, long atMs, String detail) {}
