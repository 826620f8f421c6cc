/**
 * The one writer. Commands from the watch, from people and from ended steps come in; facts go to
 * the journal, then the state, then effects to the hands. Start with {@code Control} and its turn.
 */
@NullMarked
package io.prunella.control;

import org.jspecify.annotations.NullMarked;
