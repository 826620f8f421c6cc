/**
 * What people see and touch: pages, the JSON API, the live stream, login, {@code /metrics}.
 * Requests and snapshots of the state come in; pages go out, and commands to the one writer. Start
 * with the router.
 */
@NullMarked
package io.prunella.console;

import org.jspecify.annotations.NullMarked;
