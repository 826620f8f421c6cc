/**
 * The end-to-end benchmark: a fleet that is made up, a generator that plays its senders, and a
 * measurement of a whole server as an operator would start it. Needs nothing but the JDK, so that
 * {@code bin/prunella-bench} runs it straight from the source. Start with {@code EndToEnd}.
 */
package io.prunella.bench;
