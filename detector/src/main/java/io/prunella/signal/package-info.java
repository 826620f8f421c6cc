/**
 * What a series means: the service it belongs to and the signal it is of that service. Labels come
 * in, a service and a signal (or the plain answer that the catalogue knows none) go out. Start with
 * the catalogue, which is YAML beside the classes.
 */
@NullMarked
package io.prunella.signal;

import org.jspecify.annotations.NullMarked;
