/**
 * What an incident looks like and who caused it. An incident's symptoms and the topology come in; a
 * ranking of culprits and pattern matches with their evidence go out. Start with {@code Pattern}.
 */
@NullMarked
package io.prunella.diagnose;

import org.jspecify.annotations.NullMarked;
