package io.prunella.console;

import io.prunella.control.State;
import io.prunella.diagnose.Symptom;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.watch.Windows.ServiceSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The page Now.
 *
 * @param headline all in one sentence
 * @param waiting suggestions, those that expire first in front
 * @param reviews tier 3 runs that nobody has looked at yet
 * @param ended incidents that were resolved last
 */
record NowPage(
    String headline,
    String detail,
    String tone,
    List<Remediation> waiting,
    List<Incident> open,
    List<Remediation> running,
    List<Remediation> reviews,
    List<Incident> ended,
    List<Ribbon> ribbons,
    boolean hasSeries,
    String writeUrl,
    List<ConsoleExtension> extensions) {
  private static final int CELLS = 30;
  private static final Duration CELL = Duration.ofMinutes(2);
  private static final int SERVICES_MAX = 60;

  /**
   * The last hour of one service.
   *
   * @param cells 30 of two minutes: {@code ok}, {@code warn} or {@code bad}
   */
  record Ribbon(String service, String tone, String word, int series, List<String> cells) {
    String label() {
      long odd = cells.stream().filter(c -> !c.equals("ok")).count();
      return odd == 0
          ? service + ": as expected for the last hour"
          : "%s: in an incident for %d of the last 60 minutes"
              .formatted(service, odd * CELL.toMinutes());
    }
  }

  static NowPage of(
      State state,
      Map<String, ServiceSummary> services,
      Times times,
      String writeUrl,
      List<ConsoleExtension> extensions) {
    var open = new ArrayList<Incident>();
    var ended = new ArrayList<Incident>();
    state
        .incidents()
        .values()
        .forEach(i -> (i.status() == Incident.Status.OPEN ? open : ended).add(i));
    open.sort(
        Comparator.comparing(Incident::severity).thenComparing(Incident::openedAt).reversed());
    ended.sort(
        Comparator.comparing(
                (Incident i) -> Objects.requireNonNullElse(i.resolvedAt(), i.updatedAt()))
            .reversed());
    var all = state.remediations().values();
    var waiting =
        all.stream()
            .filter(Approval::waits)
            .sorted(Comparator.comparing(NowPage::expiresAt))
            .toList();
    var running = all.stream().filter(NowPage::runs).toList();
    var reviews = all.stream().filter(Remediation::reviewWanted).toList();
    int series = services.values().stream().mapToInt(ServiceSummary::series).sum();
    long last = services.values().stream().mapToLong(ServiceSummary::lastSampleMs).max().orElse(0);
    String watched =
        "%s series of %s watched, last sample %s."
            .formatted(
                Numbers.plain(series),
                Say.plural(services.size(), "service", "services"),
                last == 0 ? "never" : times.ago(Instant.ofEpochMilli(last)));
    String tone = open.isEmpty() ? "good" : Say.tone(open.getFirst());
    return new NowPage(
        series == 0 && open.isEmpty()
            ? "Nothing to watch yet"
            : headline(waiting.size(), open.size(), running.size(), quietSince(ended, times)),
        series == 0 ? "" : watched,
        series == 0 ? "still" : tone,
        waiting,
        List.copyOf(open),
        running,
        reviews,
        ended.stream().limit(5).toList(),
        ribbons(state, services, times.now()),
        series > 0,
        writeUrl,
        extensions);
  }

  /** The most urgent thing first: what waits for people, then what is odd, then the quiet. */
  private static String headline(int waiting, int open, int running, String quietSince) {
    if (waiting == 1) return "One decision waits for you";
    if (waiting > 1) return waiting + " decisions wait for you";
    if (open == 0) return "All quiet" + quietSince;
    return Say.plural(open, "open incident", "open incidents")
        + (running == 0 ? "" : ", repair under way");
  }

  private static String quietSince(List<Incident> ended, Times times) {
    if (ended.isEmpty()) return "";
    Incident last = ended.getFirst();
    return " since " + times.clock(Objects.requireNonNullElse(last.resolvedAt(), last.updatedAt()));
  }

  static Instant expiresAt(Remediation one) {
    return one.suggestion() == null ? Instant.MAX : one.suggestion().expiresAt();
  }

  /** True while something is under way by itself or held back. */
  static boolean runs(Remediation one) {
    return !one.status().isTerminal() && !Approval.waits(one);
  }

  private static List<Ribbon> ribbons(
      State state, Map<String, ServiceSummary> services, Instant now) {
    var ribbons = new ArrayList<Ribbon>();
    for (ServiceSummary service : services.values()) {
      var cells = new ArrayList<String>();
      for (int cell = CELLS; cell > 0; cell--) {
        Instant from = now.minus(CELL.multipliedBy(cell));
        cells.add(
            tone(state, service.service(), from.toEpochMilli(), from.plus(CELL).toEpochMilli()));
      }
      String latest = cells.getLast();
      boolean silent =
          now.toEpochMilli() - service.lastSampleMs() > Duration.ofMinutes(5).toMillis();
      String word =
          silent
              ? "silent"
              : latest.equals("ok") ? "as expected" : latest.equals("bad") ? "critical" : "warning";
      String tone = silent ? "warn" : latest.equals("ok") ? "good" : latest;
      ribbons.add(new Ribbon(service.service(), tone, word, service.series(), List.copyOf(cells)));
    }
    ribbons.sort(
        Comparator.comparing((Ribbon r) -> List.of("bad", "warn", "good").indexOf(r.tone()))
            .thenComparing(Ribbon::service));
    return ribbons.stream().limit(SERVICES_MAX).toList();
  }

  private static String tone(State state, String service, long fromMs, long toMs) {
    String tone = "ok";
    for (Incident incident : state.incidents().values()) {
      for (Symptom symptom : incident.symptoms().values()) {
        boolean then =
            symptom.service().equals(service)
                && symptom.fromMs() < toMs
                && (symptom.isOpen()
                    ? incident.status() == Incident.Status.OPEN
                    : symptom.toMs() >= fromMs);
        if (then && incident.severity() == Incident.Severity.CRITICAL) return "bad";
        if (then) tone = "warn";
      }
    }
    return tone;
  }
}
