package io.prunella.runbook;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a runbook's check must know of an action, told by the roof from the action itself.
 *
 * @param name e.g. {@code redis.free}
 * @param reversible whether another step can take it back
 * @param problems one line per wrong argument of a finished plan; empty when all is well
 */
public record ActionTraits(
    String name, boolean reversible, Function<Map<String, String>, List<String>> problems) {}
