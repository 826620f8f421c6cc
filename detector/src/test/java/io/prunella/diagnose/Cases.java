package io.prunella.diagnose;

import io.prunella.signal.Change;
import io.prunella.signal.Direction;
import io.prunella.signal.Shape;
import io.prunella.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evidence out of a line of words, so that cases stand in tables. Tokens, in any order:
 *
 * <ul>
 *   <li>{@code cart:memory+headroom} a symptom: service, signal, {@code +} up or {@code -} down,
 *       shape; then optionally {@code @90} seconds after the onset, {@code !5} surprise, {@code
 *       /metric}
 *   <li>{@code front>cart} a call
 *   <li>{@code deploy:cart@-240} a change, seconds from the onset
 *   <li>{@code role:cart=cache} a declared role
 * </ul>
 */
final class Cases {
  static final long ONSET_MS = 1_790_000_000_000L;

  final List<Symptom> symptoms = new ArrayList<>();
  final List<Change> changes = new ArrayList<>();
  final Map<String, String> roles = new TreeMap<>();
  private final Map<String, Set<String>> calls = new TreeMap<>();

  static Cases of(String words) {
    var cases = new Cases();
    for (String word : words.trim().split("\\s+")) cases.take(word);
    return cases;
  }

  Topology topology() {
    return new Topology(calls);
  }

  Evidence evidence() {
    return Evidence.of(
        symptoms,
        changes,
        topology(),
        service -> roles.getOrDefault(service, ""),
        java.time.Instant.ofEpochMilli(ONSET_MS + 300_000));
  }

  private void take(String word) {
    if (word.contains(">")) {
      var ends = word.split(">");
      calls.computeIfAbsent(ends[0], _ -> new TreeSet<>()).add(ends[1]);
    } else if (word.startsWith("role:")) {
      var role = word.substring(5).split("=");
      roles.put(role[0], role[1]);
    } else if (word.matches("(deploy|restart|config|scale):.*")) {
      var parts = word.split("[:@]");
      changes.add(
          new Change(parts[1], parts[0], ONSET_MS + Long.parseLong(parts[2]) * 1000, "v1 → v2"));
    } else {
      symptoms.add(symptom(word));
    }
  }

  private static Symptom symptom(String word) {
    var match =
        java.util.regex.Pattern.compile(
                "([\\w-]+):(\\w+)([+-])(\\w+)(?:@(-?\\d+))?(?:!(\\d+))?(?:/(\\w+))?")
            .matcher(word);
    if (!match.matches()) throw new IllegalArgumentException("no symptom: " + word);
    var signal = Signal.valueOf(match.group(2).toUpperCase(Locale.ROOT));
    var shape = Shape.valueOf(match.group(4).toUpperCase(Locale.ROOT));
    long from = ONSET_MS + (match.group(5) == null ? 0 : Long.parseLong(match.group(5)) * 1000);
    double surprise =
        shape.isLimit() ? 0 : match.group(6) == null ? 12 : Double.parseDouble(match.group(6));
    String metric = match.group(7) == null ? match.group(2) + "_metric" : match.group(7);
    boolean up = match.group(3).equals("+");
    return new Symptom(
        match.group(1) + "/" + metric + (shape.isLimit() ? "#limit" : "#surprise"),
        match.group(1),
        match.group(1) + "-0",
        signal,
        metric,
        up ? Direction.UP : Direction.DOWN,
        shape,
        from,
        0,
        from + 60_000,
        shape == Shape.HEADROOM ? 0.93 : up ? 3 : -1,
        shape.isLimit() ? Double.NaN : 1,
        shape.isLimit() ? Double.NaN : 0.5,
        shape == Shape.HEADROOM ? 0.9 : shape.isLimit() ? Double.NaN : 1.5,
        surprise,
        shape == Shape.HEADROOM ? "93 % of its limit" : "2.0 × the usual spread above 1.0");
  }
}
