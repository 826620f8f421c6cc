package io.prunella.control;

import io.prunella.control.ControlFact.NoticeSettled;
import io.prunella.control.World.Owed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * Notices on their way: one at a time per channel, oldest first, tried again with doubling waits,
 * the same id each time. A channel that is down holds up nobody else.
 */
final class Outbox {
  private static final int DOUBLINGS_MAX = 20;

  private Outbox() {}

  static List<Effect> wanted(Turn turn) {
    var wanted = new ArrayList<Effect>();
    var busy = new HashSet<String>();
    var known = new HashSet<>(turn.ports.channels());
    for (Owed owed : turn.world().owed()) {
      for (String channel : owed.channels()) {
        if (!known.contains(channel) || !busy.add(channel)) continue;
        String key = "notice:" + channel;
        if (turn.memory.isDue(key, turn.now))
          wanted.add(new Effect.SendNotice(key, owed.notice(), channel));
      }
    }
    return wanted;
  }

  /** Gives up what no channel waits for any more, and what is too much. */
  static void look(Turn turn) {
    var known = new HashSet<>(turn.ports.channels());
    var waiting = new HashMap<String, Integer>();
    var owed = turn.world().owed();
    for (int i = owed.size() - 1; i >= 0; i--) { // the newest are kept
      for (String channel : owed.get(i).channels()) {
        String id = owed.get(i).notice().id();
        if (!known.contains(channel)) {
          turn.add(
              new NoticeSettled(turn.now, id, channel, "the channel is not configured any more"));
        } else if (waiting.merge(channel, 1, Integer::sum) > turn.config().noticesMax()) {
          turn.add(
              new NoticeSettled(
                  turn.now,
                  id,
                  channel,
                  "more than %d wait for this channel".formatted(turn.config().noticesMax())));
        }
      }
    }
  }

  static void take(Turn turn, Report.NoticeTried report) {
    boolean waits =
        turn.world().owed().stream()
            .anyMatch(o ->
                o.notice().id().equals(report.notice()) && o.channels().contains(report.channel()));
    if (!waits) return;
    String failure = report.failure();
    int tries = turn.memory.tries(report.key()) + 1;
    if (failure == null || tries >= turn.config().noticeTriesMax()) {
      String givenUp =
          failure == null ? null : "given up after %d tries: %s".formatted(tries, failure);
      turn.add(new NoticeSettled(turn.now, report.notice(), report.channel(), givenUp));
      turn.after(() -> turn.memory.forget(report.key()));
      return;
    }
    Duration wait =
        turn.config().noticeRetryMin().multipliedBy(1L << Math.min(tries - 1, DOUBLINGS_MAX));
    Duration max = turn.config().noticeRetryMax();
    var then = turn.now.plus(wait.compareTo(max) > 0 ? max : wait);
    turn.after(() -> {
      turn.memory.tried(report.key());
      turn.memory.notBefore(report.key(), then);
    });
  }
}
