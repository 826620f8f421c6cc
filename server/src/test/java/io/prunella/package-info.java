/**
 * Tests of the house itself: its floors, its laws, its sizes. All sources of all modules come in;
 * what breaks a rule goes out, with file, line, what was seen and what was wanted. Start with
 * {@link io.prunella.LayoutTest}.
 */
@NullMarked
package io.prunella;

import org.jspecify.annotations.NullMarked;
