/**
 * The command {@code prunella}. Arguments come in; a running server, or an answer from one over its
 * API, and an exit code go out. Start with {@link io.prunella.cli.Prunella}.
 */
@NullMarked
package io.prunella.cli;

import org.jspecify.annotations.NullMarked;
