/**
 * What training leaves behind: forests of decision trees with their calibration and their cards.
 * Folders that {@code prunella-train train} wrote come in; answers to what {@code detect} wants
 * judged go out. Files are protobuf, never Java serialisation. Start with {@link
 * io.prunella.model.Verdicts}.
 */
@NullMarked
package io.prunella.model;

import org.jspecify.annotations.NullMarked;
