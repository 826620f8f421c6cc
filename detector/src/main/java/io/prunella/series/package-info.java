/**
 * Labels, fingerprints and batches of samples, the ground everything stands on. Names, values and
 * times come in; values that are whole and checked go out, to every package above. Start with
 * {@code Labels}.
 */
@NullMarked
package io.prunella.series;

import org.jspecify.annotations.NullMarked;
