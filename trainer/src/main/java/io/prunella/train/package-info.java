/**
 * The offline command line {@code prunella-train}. Data sets come in; trained models, their cards
 * and measured figures go out. Start with {@link io.prunella.train.PrunellaTrain}.
 */
@NullMarked
package io.prunella.train;

import org.jspecify.annotations.NullMarked;
