/**
 * What is known about repairing each pattern. YAML comes in and is refused whole when any of it is
 * wrong; checked runbooks with tier, steps, verification and rollback go out. Start with {@code
 * Runbook}.
 */
@NullMarked
package io.prunella.runbook;

import org.jspecify.annotations.NullMarked;
