package io.prunella.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.diagnose.Patterns;
import io.prunella.runbook.ActionTraits;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.Runbook;
import io.prunella.runbook.RunbookReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoSiteTest {
  /** Reads them with the actions that there are, which runs the tests inside them as well. */
  private static List<Runbook> runbooks() {
    Map<String, ActionTraits> traits = new HashMap<>();
    for (var action : SimulatedAction.all(new FleetClient(1, "none"))) {
      traits.put(
          action.name(), new ActionTraits(action.name(), action.reversible(), action::problems));
    }
    var reader = new RunbookReader(new Expressions(ExpressionConfig.DEFAULTS), traits);
    return DemoSite.runbooks().entrySet().stream()
        .map(file -> reader.read(file.getKey(), file.getValue()))
        .toList();
  }

  @Test
  void runbooks_asPacked_areWhole() {
    assertThat(runbooks())
        .hasSize(DemoSite.runbooks().size())
        .allMatch(r -> Patterns.shipped().names().contains(r.when().pattern()));
  }

  @ParameterizedTest
  @CsvSource({
    "load-surge, tariffs, 1, AUTO",
    "crash-loop, labelsmith, 2, AUTO",
    "memory-leak, consignee, 2, AUTO",
    "cache-full, lantern-cache, 3, AUTO",
    "disk-filling, scrollbox, 3, AUTO",
    "bad-deploy, waybill, 4, SUGGEST"
  })
  void runbooks_forAPattern_fitItsCulpritInTheTierThatWasMeant(
      String pattern, String culprit, int tier, Runbook.Mode mode) {
    var target =
        DemoSite.targets().stream()
            .filter(t -> t.service().equals(culprit))
            .findFirst()
            .orElseThrow();
    assertThat(runbooks())
        .filteredOn(r -> r.when().pattern().equals(pattern) && r.target().accepts(target))
        .singleElement()
        .satisfies(r -> {
          assertThat(r.tier()).isEqualTo(tier);
          assertThat(r.mode()).isEqualTo(mode);
        });
  }

  @Test
  void targets_ofTheCompany_areProductionAndOnlyTheCacheMayBeEmptied() {
    assertThat(DemoSite.targets()).hasSameSizeAs(Company.SERVICES).allMatch(t -> t.isProduction());
    assertThat(DemoSite.targets())
        .filteredOn(t -> t.cacheOnly())
        .extracting(t -> t.service())
        .containsExactly("lantern-cache");
  }
}
