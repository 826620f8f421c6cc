package io.prunella.journal;

import java.time.Instant;

/**
 * One sealed fact.
 *
 * @param seq place in the journal, from 1, without gaps
 * @param at when it happened
 * @param actor who did it
 * @param type the fact's type name
 * @param body canonical JSON
 * @param previous hash of the entry before, hex; 64 zeros for the first
 * @param hash SHA-256 over all of the above, hex
 */
public record Entry(
    long seq, Instant at, String actor, String type, String body, String previous, String hash) {}
