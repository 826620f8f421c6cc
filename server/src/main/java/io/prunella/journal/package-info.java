/**
 * What has happened, in order, chained by hashes and never changed. Facts come in and are on disk
 * when the call returns; the same facts come out again for replay and for the audit. Start with
 * {@code Journal}.
 */
@NullMarked
package io.prunella.journal;

import org.jspecify.annotations.NullMarked;
