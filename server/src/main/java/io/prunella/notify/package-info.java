/**
 * Telling people and other systems. Messages that facts asked for come in, and are sent and retried
 * to Alertmanager and webhooks; what was delivered goes out, as commands for the one writer. Start
 * with {@code Notifier}.
 */
@NullMarked
package io.prunella.notify;

import org.jspecify.annotations.NullMarked;
