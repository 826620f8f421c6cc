/**
 * How surprising one sample is, and which stretches of a series are odd. Samples and rows of state
 * come in; surprises, expected bands and anomalies go out. Start with {@link
 * io.prunella.detect.Stage1}: code without state over rows without code.
 */
@NullMarked
package io.prunella.detect;

import org.jspecify.annotations.NullMarked;
