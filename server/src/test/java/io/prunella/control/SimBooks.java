package io.prunella.control;

import io.prunella.runbook.BadEnd;
import io.prunella.runbook.CronWindow;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.TargetClass;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The runbooks of a simulated world: one of every kind of step, with the modes and numbers that the
 * seed draws. Files change under the server, vanish and come back.
 */
final class SimBooks {
  private static final Runbook.Check FULL = new Runbook.Check("full", "share(\"memory\") > 0.9");
  private static final Runbook.Check WELL = new Runbook.Check("well", "share(\"memory\") < 0.8");
  private static final Runbook.Check NO_ERRORS =
      new Runbook.Check("no-errors", "last(\"errors\") < 1.0");
  private static final Runbook.Check HARMLESS =
      new Runbook.Check("not-worse", "share(\"memory\") < 0.985");

  private static final Runbook.Check SPIKE =
      new Runbook.Check("spike", "share(\"memory\") > 0.985");
  private static final Runbook.Check FLOOD =
      new Runbook.Check("flood", "last(\"errors\") > 100.0"); // never, but at times unreadable

  private static final Runbook.Escalation QUIETER =
      new Runbook.Escalation(
          List.of(Runbook.Reason.values()),
          Duration.ofMinutes(10),
          "pager",
          Runbook.Severity.WARNING);

  private static final TargetClass DATABASE = new TargetClass("database", "production");

  /** A calendar that holds back only who names it: {@link #isMarketOpen}. */
  static final String MARKET = "market";

  /** Name of a runbook, and the pattern it helps against. */
  static final List<String> KINDS = List.of("scale", "restart", "steps", "trim", "promote");

  private final Map<String, Runbook> books = new LinkedHashMap<>();
  private final List<Runbook> gone = new ArrayList<>();
  private int changes;

  /** Drawn apart, so that what aborts a run changes nothing in the worlds that have none of it. */
  private final SplittableRandom apart;

  /** Drawn apart again, for the same reason: what a runbook wants stricter, or left as it is. */
  private final SplittableRandom strict;

  /** Drawn apart once more: when a runbook may begin, and how many may be ill or near. */
  private final SplittableRandom around;

  /** Each is left out of most worlds: what always holds back hides what happens without it. */
  private final boolean hasWindows;

  private final boolean hasShortCircuits;

  SimBooks(
      SplittableRandom chance,
      SplittableRandom apart,
      SplittableRandom strict,
      SplittableRandom around) {
    this.apart = apart;
    this.strict = strict;
    this.around = around;
    this.hasWindows = around.nextInt(3) == 0;
    this.hasShortCircuits = around.nextInt(3) == 0;
    for (String kind : KINDS) books.put(kind, book(kind, chance));
  }

  List<Runbook> all() {
    return List.copyOf(books.values());
  }

  /** In the last ten minutes of each half hour nobody touches what names {@link #MARKET}. */
  static boolean isMarketOpen(Instant at) {
    return at.atZone(ZoneOffset.UTC).getMinute() % 30 >= 20;
  }

  /** The digest in force, or empty when the file is gone. */
  String digest(String name) {
    Runbook book = books.get(name);
    return book == null ? "" : book.digest();
  }

  /** Somebody edits, removes or restores a file. */
  void edit(SplittableRandom chance) {
    changes++;
    if (!gone.isEmpty()) {
      Runbook back = gone.removeFirst();
      books.put(back.name(), back);
      return;
    }
    String name = KINDS.get(chance.nextInt(KINDS.size()));
    Runbook before = books.get(name);
    if (before == null) return;
    if (chance.nextInt(3) == 0) gone.add(books.remove(name));
    else books.put(name, book(name, chance));
  }

  private Runbook book(String kind, SplittableRandom chance) {
    var mode =
        switch (chance.nextInt(16)) {
          case 0 -> Runbook.Mode.OBSERVE;
          case 1, 2 -> Runbook.Mode.SUGGEST;
          default -> Runbook.Mode.AUTO;
        };
    boolean harmless = chance.nextBoolean();
    boolean preconditions = chance.nextInt(4) > 0;
    var verify =
        new Runbook.Verification(
            Duration.ofSeconds(15L * chance.nextInt(3)),
            Duration.ofSeconds(15L * (1 + chance.nextInt(2))),
            2 + chance.nextInt(2),
            chance.nextInt(2),
            Duration.ofMinutes(3 + chance.nextInt(6)),
            chance.nextBoolean() ? List.of(WELL, NO_ERRORS) : List.of(WELL),
            harmless ? List.of(HARMLESS) : List.of(),
            apart.nextInt(4) == 0 ? Runbook.OnInconclusive.ESCALATE : null);
    var forward = forward(kind, chance);
    boolean reversible = !kind.equals("restart") && !kind.equals("trim");
    return new Runbook(
        kind,
        "1",
        "digest-%s-%d".formatted(kind, changes),
        "",
        tier(kind),
        mode,
        "",
        "",
        "",
        Map.of(),
        new Runbook.When(kind, Duration.ofSeconds(15), 0.5),
        new Runbook.Needs(List.of("sim"), List.of(), kind.equals("trim")),
        preconditions ? List.of(FULL) : List.of(),
        limits(kind),
        forward,
        verify,
        reversible ? back(kind, chance) : null,
        apart.nextInt(4) == 0 ? QUIETER : null,
        "",
        List.of());
  }

  private Runbook.Limits limits(String kind) {
    return new Runbook.Limits(
        null,
        null,
        null,
        null,
        aborts(),
        windows(),
        shortCircuit(),
        concurrency(),
        deny(),
        cumulative(kind));
  }

  /** Fewer at once than the policy lets, which are two, also of one zone. */
  private Runbook.@Nullable Concurrency concurrency() {
    Integer max = strict.nextInt(3) == 0 ? 1 : null;
    Integer ofZone = around.nextInt(3) == 0 ? 1 : null;
    return max == null && ofZone == null ? null : new Runbook.Concurrency(max, ofZone);
  }

  private Runbook.@Nullable Windows windows() {
    if (!hasWindows) return null;
    return switch (around.nextInt(4)) {
      case 0 -> new Runbook.Windows(List.of(every(20, 5)), List.of(), List.of());
      case 1 -> new Runbook.Windows(List.of(), List.of(every(10, 6)), List.of());
      case 2 -> new Runbook.Windows(List.of(), List.of(), List.of(MARKET));
      default -> null;
    };
  }

  private static CronWindow every(int minutes, int lasting) {
    String cron = "*/%d * * * *".formatted(minutes);
    return new CronWindow("own", cron, Duration.ofMinutes(lasting), "UTC");
  }

  /** Of three services two may be ill by the policy, and after a third two minutes are waited. */
  private Runbook.@Nullable ShortCircuit shortCircuit() {
    if (!hasShortCircuits) return null;
    return switch (around.nextInt(3)) {
      case 0 -> new Runbook.ShortCircuit(null, 1, null);
      case 1 -> new Runbook.ShortCircuit(null, 1, Duration.ofMinutes(40));
      default -> new Runbook.ShortCircuit(null, null, Duration.ofMinutes(40));
    };
  }

  private @Nullable List<TargetClass> deny() {
    return switch (strict.nextInt(10)) {
      case 0 -> List.of(new TargetClass("*", "staging"));
      case 1 -> List.of(new TargetClass("cache", "*"));
      case 2 -> List.of(new TargetClass("stateless", "production"), DATABASE);
      default -> null;
    };
  }

  /** Of 8 to 12 a quarter is wanted at once: less than half over the incident is soon used up. */
  private @Nullable Integer cumulative(String kind) {
    if (!kind.equals("scale") || !strict.nextBoolean()) return null;
    return around.nextInt(3) == 0 ? 20 : 25;
  }

  private List<Runbook.Check> aborts() {
    return switch (apart.nextInt(6)) {
      case 0 -> List.of(SPIKE);
      case 1 -> List.of(FLOOD);
      default -> List.of();
    };
  }

  private static int tier(String kind) {
    return switch (kind) {
      case "scale" -> 1;
      case "restart" -> 2;
      case "promote" -> 4;
      default -> 3;
    };
  }

  private static List<Runbook.Step> forward(String kind, SplittableRandom chance) {
    var timeout = Duration.ofSeconds(20);
    return switch (kind) {
      case "scale" -> {
        String by = chance.nextInt(6) == 0 ? "0.6" : "0.25"; // greedy ones must be refused
        String more =
            "{{ int(snapshot.replicas) + int(floor(int(snapshot.replicas) * %s)) }}".formatted(by);
        yield List.of(new Runbook.Step("scale", "sim.scale", Map.of("replicas", more), timeout));
      }
      case "steps" ->
          List.of(
              new Runbook.Step("first", "sim.set", Map.of("n", "1"), timeout),
              new Runbook.Step("second", "sim.set", Map.of("n", "2"), timeout));
      case "restart" -> List.of(new Runbook.Step("restart", "sim.restart", Map.of(), timeout));
      case "trim" -> List.of(new Runbook.Step("trim", "sim.trim", Map.of(), timeout));
      default -> List.of(new Runbook.Step("promote", "sim.keyed", Map.of(), timeout));
    };
  }

  private Runbook.Rollback back(String kind, SplittableRandom chance) {
    var timeout = Duration.ofSeconds(20);
    var there =
        chance.nextBoolean()
            ? List.of(new Runbook.Check("there", "share(\"memory\") > 0.0"))
            : List.<Runbook.Check>of();
    var steps =
        switch (kind) {
          case "scale" ->
              List.of(
                  new Runbook.Step(
                      "back",
                      "sim.scale",
                      Map.of("replicas", "{{ snapshot.replicas }}", "back", "yes"),
                      timeout));
          case "steps" ->
              List.of(
                  new Runbook.Step("undo-second", "sim.set", Map.of("back", "2"), timeout),
                  new Runbook.Step("undo-first", "sim.set", Map.of("back", "1"), timeout));
          default -> List.of(new Runbook.Step("undo", "sim.keyed", Map.of("back", "yes"), timeout));
        };
    return new Runbook.Rollback(steps, there, Duration.ofMinutes(2), when());
  }

  /** Each bad end as likely as not, in a third of the runbooks. */
  private @Nullable List<BadEnd> when() {
    if (strict.nextInt(3) > 0) return null;
    var some = new ArrayList<BadEnd>();
    for (BadEnd one : BadEnd.values()) if (strict.nextBoolean()) some.add(one);
    return some;
  }
}
