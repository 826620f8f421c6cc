package io.prunella.journal;

import java.time.Instant;

/**
 * A fact that is about to be sealed.
 *
 * @param at when it happened
 * @param actor who did it: a token's name, or {@code prunella} for what it does by itself
 * @param type the fact's type name, e.g. {@code incident.opened}
 * @param body canonical JSON of the fact
 */
public record Draft(Instant at, String actor, String type, String body) {}
