/**
 * What the notebooks share. Labelled series come in; what stage 1 held after each of their rows,
 * charts as SVG and checks that can fail go out. Start with {@link io.prunella.notebook.Trace}.
 */
@NullMarked
package io.prunella.notebook;

import org.jspecify.annotations.NullMarked;
