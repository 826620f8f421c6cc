package io.prunella.ingest;

/**
 * Which replica of a cluster is heard, as it stands.
 *
 * @param heardMs when it wrote last, milliseconds since the epoch
 * @param changes elections after the first
 */
public record Election(String cluster, String replica, long heardMs, long changes) {}
