/**
 * The door for what senders have to say: remote write and webhooks of other alert sources. Bytes
 * that nobody trusts come in; bounded batches of samples, alerts and a typed answer to the sender
 * go out. Start with the remote-write handler.
 */
@NullMarked
package io.prunella.ingest;

import org.jspecify.annotations.NullMarked;
