package io.prunella.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A fault and how it should end.
 *
 * @param what one line for a person
 * @param culprit the service that is at fault, and the only one that may be acted on
 * @param lastingMinutes after which, in the tour, the people on call have put it right
 */
record Scenario(
    String name, End end, String what, String culprit, int lastingMinutes, Fault fault) {

  /** How a scenario should end. */
  enum End {
    /** A remediation has succeeded and its incident is resolved. */
    REPAIRED("repaired"),
    /** A suggestion waits for a person. */
    APPROVAL("approval"),
    /** Handed to people, nothing was done. */
    PEOPLE("people"),
    /** What was done did not help and was taken back; then handed to people. */
    ROLLED_BACK("rolled-back");

    final String word;

    End(String word) {
      this.word = word;
    }
  }

  /** All of them, in the order of the tour. */
  static final List<Scenario> ALL =
      List.of(
          new Scenario(
              "cache-full",
              End.REPAIRED,
              "keys that never expire flood the cache in front of the ledger; the runbook trims"
                  + " them",
              "lantern-cache",
              60,
              new Faults.KeyFlood("lantern-cache", .04)),
          new Scenario(
              "load-surge",
              End.REPAIRED,
              "a price comparison site asks tariffs for quotes like never before; it is scaled out",
              "tariffs",
              60,
              new Faults.Surge("tariffs", 1.75, 8, /* elsewhere= */ false)),
          new Scenario(
              "bad-deploy",
              End.APPROVAL,
              "waybill 2.42.0 answers slowly and fails; going back waits for a person",
              "waybill",
              75,
              new Faults.BadDeploy("waybill", "2.42.0", .09, 2.6)),
          new Scenario(
              "crash-loop",
              End.REPAIRED,
              "two label printers' instances crash on a damaged spool; a clean restart helps",
              "labelsmith",
              60,
              new Faults.CrashLoop("labelsmith", 2)),
          new Scenario(
              "memory-leak",
              End.REPAIRED,
              "consignee keeps every session it has seen; restarted before its memory is used up",
              "consignee",
              90,
              new Faults.Leak("consignee")),
          new Scenario(
              "crash-cascade",
              End.REPAIRED,
              "spans services: depotmap crashes, sortline and waybill fail with it; one is"
                  + " restarted",
              "depotmap",
              60,
              new Faults.CrashLoop("depotmap", 3)),
          new Scenario(
              "disk-filling",
              End.REPAIRED,
              "a debug switch fills the log disk of one scrollbox machine; old logs are archived",
              "scrollbox",
              90,
              new Faults.LogFlood("scrollbox", 2_300)),
          new Scenario(
              "unknown-slowness",
              End.PEOPLE,
              "milepost answers slowly and no known pattern says why; people are asked",
              "milepost",
              45,
              new Faults.Slowness("milepost", 3.4)),
          new Scenario(
              "dependency-outage",
              End.PEOPLE,
              "the ledger's database answers nobody and four services fail with it; people lead",
              "ledgerbase",
              45,
              new Faults.Outage("ledgerbase")),
          new Scenario(
              "surge-in-vain",
              End.ROLLED_BACK,
              "yardcam is flooded, but what is short is a shared quota: scaling is taken back",
              "yardcam",
              60,
              new Faults.Surge("yardcam", 1.5, 50, /* elsewhere= */ true)));

  static Optional<Scenario> named(String name) {
    return ALL.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  static String names() {
    return ALL.stream().map(Scenario::name).collect(Collectors.joining(", "));
  }
}
