/**
 * The hands: the only package whose calls change somebody else's system. Steps that are cleared and
 * on disk come in; done, failed or unknown goes out. Start with {@code Action}; one adapter is one
 * file.
 */
@NullMarked
package io.prunella.action;

import org.jspecify.annotations.NullMarked;
