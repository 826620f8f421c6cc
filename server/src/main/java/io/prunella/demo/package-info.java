/**
 * A simulated fleet that emits metrics out of its state and obeys real actions. A scenario and a
 * seed come in; remote-write requests and the verdict on how the scenario ended go out. Start with
 * {@code Demo}.
 */
@NullMarked
package io.prunella.demo;

import org.jspecify.annotations.NullMarked;
