/**
 * The offline command line {@code prunella-train}. Data sets and histories come in; trained models,
 * their cards, measured figures, what would have been raised, and histories as files go out. Start
 * with {@link io.prunella.train.PrunellaTrain}; to look at series and scores from elsewhere, with
 * {@link io.prunella.train.Corpus}.
 */
@NullMarked
package io.prunella.train;

import org.jspecify.annotations.NullMarked;
