/**
 * Proposals, the guardrails that judge them, and the state machine of one repair. Matches,
 * runbooks, rulings and reports of steps come in; facts go out, never calls. Start with {@code
 * Guardrail} and {@code Remediation}.
 */
@NullMarked
package io.prunella.remediation;

import org.jspecify.annotations.NullMarked;
