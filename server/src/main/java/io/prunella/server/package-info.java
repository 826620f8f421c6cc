/**
 * The roof: configuration, and the wiring of all packages from the ground up. A configuration file
 * comes in; a running service goes out, which closes in reverse order. Start with {@code Server}.
 */
@NullMarked
package io.prunella.server;

import org.jspecify.annotations.NullMarked;
