/** Files that must survive a power cut. Start with {@link io.prunella.file.WholeFile}. */
@NullMarked
package io.prunella.file;

import org.jspecify.annotations.NullMarked;
