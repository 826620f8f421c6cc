package io.prunella.diagnose;

/**
 * A service that may be the culprit.
 *
 * @param score larger is more suspect; comparable within one incident only
 * @param why one line for a person, naming the evidence
 */
public record Suspect(String service, double score, String why) {}
