package io.prunella.console;

import io.prunella.control.State;
import io.prunella.incident.Incident;
import java.util.List;
import java.util.Locale;

/**
 * Which incidents a list shows.
 *
 * @param state {@code open}, {@code resolved} or empty for all
 * @param service involved, or empty for any
 * @param q text in id, title, pattern or services, ignoring case
 */
record IncidentQuery(String state, String service, String q) {
  static IncidentQuery of(String state, String service, String q) {
    String word = state.toLowerCase(Locale.ROOT);
    if (!List.of("", "all", "open", "resolved").contains(word)) {
      throw Problem.bad(
          "The parameter state has an unknown value.", state, "open, resolved or all");
    }
    return new IncidentQuery(word.equals("all") ? "" : word, service, q);
  }

  boolean isAll() {
    return state.isEmpty() && service.isEmpty() && q.isEmpty();
  }

  List<Incident> newestFirst(State from) {
    return from.incidents().values().stream().filter(this::fits).toList().reversed();
  }

  private boolean fits(Incident incident) {
    if (!state.isEmpty() && !incident.status().name().equalsIgnoreCase(state)) return false;
    if (!service.isEmpty() && !incident.services().contains(service)) return false;
    if (q.isEmpty()) return true;
    var text = new StringBuilder(incident.id()).append('\n').append(incident.title());
    incident
        .matches()
        .forEach(m -> text.append('\n').append(m.pattern()).append('\n').append(m.title()));
    incident.services().forEach(s -> text.append('\n').append(s));
    return text.toString().toLowerCase(Locale.ROOT).contains(q.toLowerCase(Locale.ROOT));
  }
}
