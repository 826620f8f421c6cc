package io.prunella.incident;

import static io.prunella.signal.Signal.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.diagnose.Match;
import io.prunella.diagnose.Suspect;
import io.prunella.incident.IncidentFact.HandedToPeople;
import io.prunella.incident.IncidentFact.IncidentDiagnosed;
import io.prunella.incident.IncidentFact.IncidentOpened;
import io.prunella.incident.IncidentFact.IncidentResolved;
import io.prunella.incident.IncidentFact.SymptomsChanged;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentsTest {
  private static final List<Suspect> SUSPECTS = List.of(new Suspect("redis", 9, "memory"));
  private static final List<Match> MATCHES =
      List.of(new Match("cache-full", "Cache full", 0.9, List.of(), "declared", ""));

  private final Table table = new Table();

  @Test
  void diagnosed_currentRevision_isTakenOnce() {
    var open = opened();
    var fact = open.diagnosed(table.at, "INC-1", 1, SUSPECTS, MATCHES).orElseThrow();
    var after = open.apply(fact);
    var incident = after.byId().values().iterator().next();
    assertThat(incident.culprit()).isEqualTo("redis");
    assertThat(incident.diagnosed()).isTrue();
    assertThat(incident.revision()).isEqualTo(2);
    assertThat(after.diagnosed(table.at, "INC-1", 2, SUSPECTS, MATCHES))
        .as("nothing new")
        .isEmpty();
  }

  @Test
  void diagnosed_symptomsChangedMeanwhile_isDropped() {
    var open = opened();
    var newer = open.apply(changed());
    assertThat(newer.diagnosed(table.at, "INC-1", 1, SUSPECTS, MATCHES)).isEmpty();
    assertThat(newer.diagnosed(table.at, "INC-1", 2, SUSPECTS, MATCHES)).isPresent();
    assertThatThrownBy(
            () -> newer.apply(new IncidentDiagnosed(table.at, "INC-1", 1, SUSPECTS, MATCHES)))
        .hasMessage("incident INC-1 is at revision 2 and was diagnosed for 1");
  }

  @Test
  void apply_symptomsChangedAfterDiagnosis_keepsItButWantsAnother() {
    var open = opened();
    var diagnosed =
        open.apply(open.diagnosed(table.at, "INC-1", 1, SUSPECTS, MATCHES).orElseThrow());
    var incident = diagnosed.apply(changed()).open().iterator().next();
    assertThat(incident.diagnosed()).isFalse();
    assertThat(incident.matches()).isEqualTo(MATCHES);
    assertThat(incident.revision()).isEqualTo(3);
  }

  @Test
  void handOver_once_thenNeverAgain() {
    var open = opened();
    var over = open.apply(open.handOver(table.at, "INC-1", "no pattern fits").orElseThrow());
    assertThat(over.open().iterator().next().handedOver()).isEqualTo("no pattern fits");
    assertThat(over.handOver(table.at, "INC-1", "again")).isEmpty();
    assertThatThrownBy(() -> over.apply(new HandedToPeople(table.at, "INC-1", "x")))
        .hasMessage("incident INC-1 is handed to people twice");
  }

  @Test
  void apply_whatCannotHaveHappened_isRefused() {
    var open = opened();
    assertThatThrownBy(() -> Incidents.EMPTY.apply(changed()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("SymptomsChanged for incident INC-1, which is unknown; wanted an open one");
    var resolved = open.apply(new IncidentResolved(table.at, "INC-1", "over"));
    assertThatThrownBy(() -> resolved.apply(changed()))
        .hasMessage("SymptomsChanged for incident INC-1, which is resolved; wanted an open one");
    var again = opening("INC-1");
    assertThatThrownBy(() -> open.apply(again))
        .hasMessage("incident INC-1 opens, wanted INC-2 to be the next");
    var empty = new IncidentOpened(table.at, "INC-2", Incident.Severity.WARNING, "t", List.of());
    assertThatThrownBy(() -> open.apply(empty)).hasMessageContaining("opens without symptoms");
  }

  @Test
  void apply_manyResolved_keepsTheLatestThousandInOrder() {
    var sum = Incidents.EMPTY;
    for (int i = 1; i <= 1_200; i++) {
      sum = sum.apply(opening("INC-" + i));
      if (i != 500) sum = sum.apply(new IncidentResolved(table.at, "INC-" + i, "over"));
    }
    assertThat(sum.byId()).hasSize(1_001);
    assertThat(sum.byId().keySet().stream().limit(3))
        .containsExactly("INC-200", "INC-201", "INC-202");
    assertThat(sum.get("INC-500")).extracting(Incident::status).isEqualTo(Incident.Status.OPEN);
    assertThat(sum.get("INC-1")).isNull();
    assertThat(sum.nextId()).isEqualTo("INC-1201");
  }

  private Incidents opened() {
    return Incidents.EMPTY.apply(opening("INC-1"));
  }

  private IncidentOpened opening(String id) {
    return new IncidentOpened(
        table.at,
        id,
        Incident.Severity.WARNING,
        "t",
        List.of(table.headroom("redis", MEMORY, 0.93)));
  }

  private SymptomsChanged changed() {
    return new SymptomsChanged(
        table.at,
        "INC-1",
        Incident.Severity.WARNING,
        "t",
        List.of(table.headroom("redis", MEMORY, 0.97)));
  }
}
