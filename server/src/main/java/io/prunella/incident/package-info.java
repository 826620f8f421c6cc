/**
 * Which symptoms belong together. Symptoms come in, facts about incidents opening, growing and
 * resolving go out; nothing here reads a clock or acts. Start with {@code Incident}.
 */
@NullMarked
package io.prunella.incident;

import org.jspecify.annotations.NullMarked;
