/**
 * The roof: configuration, and the wiring of all packages from the ground up. A configuration file
 * comes in; a running service goes out, which closes in reverse order. Start with {@code Server}.
 * {@code Hindsight} is what the trainer knows of it: the same data plane and grouping over samples
 * of the past, without anything that acts.
 */
@NullMarked
package io.prunella.server;

import org.jspecify.annotations.NullMarked;
