/**
 * The offline command line {@code prunella-train}. Data sets come in; trained models, their cards
 * and measured figures go out. Start with {@link io.prunella.train.PrunellaTrain}; to look at
 * series and scores from elsewhere, with {@link io.prunella.train.Corpus}.
 */
@NullMarked
package io.prunella.train;

import org.jspecify.annotations.NullMarked;
