package io.prunella.remediation;

import java.time.Instant;
import java.util.Map;

/**
 * Something people outside the console must hear of: a suggestion that waits, an escalation, a
 * hand-over, a review wanted.
 *
 * @param id the same on every retry: receivers drop repeats
 * @param kind {@code suggestion}, {@code escalation}, {@code handover}, {@code review}, {@code
 *     incident}, {@code stop}
 * @param severity {@code critical}, {@code warning} or {@code info}
 * @param title one line
 * @param text what happened and what is wanted, plain text
 * @param path page of the console that shows it, e.g. {@code /approvals/APR-1}
 * @param ended true: the matter is closed (resolves the alert of the same {@code about})
 * @param about what it is about, e.g. {@code APR-1}: notices about the same thing belong together
 */
public record Notice(
    String id,
    String kind,
    String severity,
    Instant at,
    String about,
    String service,
    String title,
    String text,
    String path,
    boolean ended,
    Map<String, String> labels) {}
