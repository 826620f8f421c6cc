package io.prunella.runbook;

// Long because: one good runbook, and a table of what can be wrong with it.
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.yaml.YamlException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunbookReaderTest {
  private static final Expressions EXPRESSIONS = new Expressions(ExpressionConfig.DEFAULTS);
  private static final Map<String, ActionTraits> ACTIONS =
      Map.of(
          "toy.scale",
          new ActionTraits(
              "toy.scale",
              true,
              a -> a.containsKey("replicas") ? List.of() : List.of("replicas is missing")),
          "toy.restart",
          new ActionTraits("toy.restart", false, _ -> List.of()));

  private static final PolicyBounds POLICY =
      new PolicyBounds(
          40, 10, Duration.ofMinutes(10), 3, 2, 50, Set.of("change-freeze"), Set.of("shop-pager"));

  static final String GOOD =
      """
      apiVersion: prunella.io/v1
      kind: Runbook
      metadata: {name: scale-out, version: 1.0.0, owner: shop, mode: auto}
      spec:
        tier: 1
        description: {what: Adds instances., whenToUse: Load., whenNotToUse: A full database.}
        parameters:
          step: {type: integer, minimum: 1, maximum: 10, default: 2}
        match:
          pattern: load-surge
          for: 5m
          minConfidence: 0.8
          alerts: [{labels: {alertname: HighLatency, env: prod}}]
          notIf:
            - {labels: {alertname: DatabaseSlow, service: '{{ target.service }}'}}
        target: {kinds: [toy], roles: [stateless]}
        preconditions:
          - {name: cpu-high, check: 'avg("cpu", "2m") > 0.8'}
        guardrails:
          blastRadius: {maxScaleOutPercent: 20, cumulativePercent: 40}
          attempts: {max: 2}
          deadline: 10m
          abortIf: [{name: burns, check: 'last("errors") > 5'}]
          windows:
            timezone: Europe/Paris
            deny: [{name: weekend, cron: '0 18 * * 5', lasting: 62h}]
            allow: [{name: office, cron: '0 8 * * 1-5', lasting: 12h}]
            calendars: [change-freeze]
            onUnreadable: deny
          shortCircuit: {maxUnhealthyPercent: 25, maxUnhealthy: 4, stormCooldown: 30m}
          concurrency: {perTarget: 1, perFailureDomain: 1, global: 2}
          deny: [database.production, '*.lab']
        steps:
          - id: scale
            action: toy.scale
            with: {replicas: '{{ min(int(snapshot.replicas) + params.step, floor(10.9)) }}'}
            timeout: 30s
        verify:
          settle: 60s
          interval: 30s
          consecutiveSuccess: 3
          failureLimit: 1
          deadline: 8m
          checks: [{name: cpu, check: 'last("cpu") < 0.7'}]
          doNoHarm: [{name: pool, check: 'share("pool") < 0.9'}]
          onInconclusive: escalate
        rollback:
          when: [verifyFailed, doNoHarm, stepFailed]
          steps: [{id: back, action: toy.scale, with: {replicas: '{{ snapshot.replicas }}'}}]
          verify: {checks: [{name: up, check: 'last("health") == 1'}], deadline: 5m}
        escalate:
          after: [attemptsExhausted, rollbackFailed, indeterminate, blocked>15m]
          to: shop-pager
          severity: warning
        tests:
          - name: adds two
            given: {snapshot: {replicas: 8}, signals: {cpu: {last: 0.9, before: 0.4}}}
            expect: {preconditions: pass, steps: {scale: {replicas: 10}}, rollback: {back: {replicas: 8}}}
          - name: stops when it burns
            given: {snapshot: {replicas: 8}, during: {errors: {last: 9, before: 1}}}
            expect: {abort: true}
          - name: stops when nobody can tell
            given: {snapshot: {replicas: 8}, during: {}}
            expect: {abort: true}
          - name: goes on while all is well
            given: {snapshot: {replicas: 8}, during: {errors: {last: 1}}}
            expect: {abort: false}
          - name: not on a Friday evening
            given: {snapshot: {replicas: 8}, at: '2026-03-06T17:30:00Z'}
            expect: {mayBegin: false}
          - name: at work and few are ill
            given: {snapshot: {replicas: 8}, at: '2026-03-04T10:00:00Z', pool: {ill: 4, of: 16}}
            expect: {mayBegin: true}
          - name: not when many are ill
            given: {snapshot: {replicas: 8}, pool: {ill: 5, of: 40}}
            expect: {mayBegin: false}
          - name: only while it is told
            given:
              snapshot: {replicas: 8}
              alerts: [{labels: {alertname: HighLatency, env: prod, severity: page}}]
            expect: {alerts: pass}
          - name: not while the database is slow
            given:
              alerts:
                - {labels: {alertname: HighLatency, env: prod}}
                - {labels: {alertname: DatabaseSlow, service: tried}}
            expect: {alerts: fail}
          - name: too slow is taken back
            given: {snapshot: {replicas: 8}, after: {cpu: {last: 0.9}, pool: {share: 0.5}}}
            expect: {verify: fail, final: rolled-back}
          - name: a full pool is harm
            given: {snapshot: {replicas: 8}, after: {cpu: {last: 0.5}, pool: {share: 0.95}}}
            expect: {verify: pass, final: rolled-back}
          - name: it stays when nobody can tell
            given: {snapshot: {replicas: 8}, after: {}}
            expect: {final: escalated}
          - name: it stays when it is aborted
            given: {snapshot: {replicas: 8}, during: {errors: {last: 7}}}
            expect: {final: escalated}
          - name: all is well
            given:
              snapshot: {replicas: 8}
              during: {errors: {last: 1}}
              after: {cpu: {last: 0.5}, pool: {share: 0.5}}
            expect: {final: succeeded}
          - name: the shop is told when it waits for long
            given: {snapshot: {replicas: 8}, end: blocked>20m}
            expect: {escalate: {to: shop-pager, severity: warning}}
          - name: nobody is told before
            given: {snapshot: {replicas: 8}, end: blocked>10m}
            expect: {escalate: {to: nobody}}
          - name: the shop is told that it did not go back
            given: {snapshot: {replicas: 8}, end: rollbackFailed}
            expect: {escalate: {to: shop-pager, severity: warning}}
      """;

  private static Runbook read(String yaml) {
    return new RunbookReader(EXPRESSIONS, ACTIONS, POLICY).read("a.yaml", yaml);
  }

  @Test
  void read_goodRunbook_everyPart() {
    var runbook = read(GOOD);
    assertThat(runbook.name()).isEqualTo("scale-out");
    assertThat(runbook.mode()).isEqualTo(Runbook.Mode.AUTO);
    assertThat(runbook.owner()).isEqualTo("shop");
    assertThat(runbook.parameters()).isEqualTo(Map.of("step", 2L));
    assertThat(runbook.when())
        .isEqualTo(
            new Runbook.When(
                "load-surge",
                Duration.ofMinutes(5),
                0.8,
                List.of(
                    new Runbook.AlertSelector(Map.of("alertname", "HighLatency", "env", "prod"))),
                List.of(
                    new Runbook.AlertSelector(
                        Map.of("alertname", "DatabaseSlow", "service", "{{ target.service }}")))));
    assertThat(runbook.limits())
        .isEqualTo(
            new Runbook.Limits(
                20,
                null,
                2,
                Duration.ofMinutes(10),
                List.of(new Runbook.Check("burns", "last(\"errors\") > 5")),
                new Runbook.Windows(
                    List.of(
                        new CronWindow(
                            "weekend", "0 18 * * 5", Duration.ofHours(62), "Europe/Paris")),
                    List.of(
                        new CronWindow(
                            "office", "0 8 * * 1-5", Duration.ofHours(12), "Europe/Paris")),
                    List.of("change-freeze")),
                new Runbook.ShortCircuit(25, 4, Duration.ofMinutes(30)),
                new Runbook.Concurrency(2, 1),
                List.of(new TargetClass("database", "production"), new TargetClass("*", "lab")),
                40));
    assertThat(runbook.verify().harmless()).hasSize(1);
    assertThat(runbook.verify().failuresMax()).isEqualTo(1);
    assertThat(runbook.verify().onInconclusive()).isEqualTo(Runbook.OnInconclusive.ESCALATE);
    assertThat(runbook.rollback()).isNotNull();
    assertThat(runbook.rollback().when())
        .containsExactly(BadEnd.VERIFY_FAILED, BadEnd.DO_NO_HARM, BadEnd.STEP_FAILED);
    assertThat(runbook.escalation())
        .isEqualTo(
            new Runbook.Escalation(
                List.of(
                    Runbook.Reason.ATTEMPTS_EXHAUSTED,
                    Runbook.Reason.ROLLBACK_FAILED,
                    Runbook.Reason.INDETERMINATE,
                    Runbook.Reason.BLOCKED),
                Duration.ofMinutes(15),
                "shop-pager",
                Runbook.Severity.WARNING));
    assertThat(runbook.trials()).hasSize(17);
    assertThat(runbook.digest()).hasSize(64).isNotEqualTo(read(GOOD + "# more\n").digest());
  }

  // Long because: a table, a mistake a row.
  @ParameterizedTest
  @CsvSource(
      delimiterString = "~",
      value = {
        "mode: auto ~ mode: automatic ~ a.yaml:3: metadata.mode is \"automatic\", wanted one of"
            + " observe, suggest, auto",
        "name: scale-out ~ name: Scale Out ~ a.yaml:3: metadata.name: is \"Scale Out\", wanted"
            + " small letters",
        "v1 ~ v9 ~ a.yaml:1: apiVersion: is \"prunella.io/v9\", wanted prunella.io/v1",
        "tier: 1 ~ tier: 7 ~ a.yaml:5: spec.tier is \"7\", wanted a whole number from 1 to 4",
        "for: 5m ~ '' ~ a.yaml:10: spec.match.for: is missing",
        "for: 5m ~ for: soon ~ spec.match.for is \"soon\", wanted a time span",
        "kinds: [toy] ~ kinds: [] ~ spec.target.kinds: is empty",
        "kinds: [toy] ~ kinds: [toy, redis] ~ has kind redis, but step \"scale\" calls toy.scale",
        "avg(\"cpu\" ~ avg(\"cqu\" ~ a.yaml:18: check \"cpu-high\": avg(\"cqu\") names no signal",
        "> 0.8' ~ + 0.8' ~ a.yaml:18: check \"cpu-high\": it gives double, true or false is wanted",
        "maxScaleOutPercent: 20 ~ maxScaleOutPercent: 50 ~ wanted a whole number from 1 to 25",
        "cumulativePercent: 40 ~ cumulativePercent: 51 ~ a.yaml:20:"
            + " spec.guardrails.blastRadius.cumulativePercent: is 51, looser than the policy's 50;"
            + " wanted as much or less",
        "cumulativePercent: 40 ~ cumulativePercent: 0 ~ wanted a whole number from 1 to 1000",
        "attempts: {max: 2} ~ attempts: {max: 9} ~ wanted a whole number from 1 to 3",
        "params.step, ~ params.steps, ~ params.steps is not known, wanted one of step",
        "action: toy.scale ~ action: toy.fly ~ a.yaml:35: spec.steps[0].action: is \"toy.fly\","
            + " wanted one of toy.restart, toy.scale",
        "settle: 60s ~ setle: 60s ~ a.yaml:39: unknown key \"spec.verify.setle\"",
        "consecutiveSuccess: 3 ~ consecutiveSuccess: 60 ~ with 2 checks makes 120 readings in a"
            + " row, at most 100 are wanted",
        "deadline: 8m ~ deadline: 1m ~ wanted more than the 120s that settling and 3 readings take",
        "checks: [{name: cpu, check: 'last(\"cpu\") < 0.7'}] ~ checks: [] ~ what is not verified"
            + " cannot have succeeded",
        "default: 2 ~ default: 20 ~ spec.parameters.step.default is \"20\", wanted a whole number"
            + " from 1 to 10",
        "replicas: 10 ~ replicas: 11 ~ a.yaml:56: test \"adds two\": step scale, replicas: \"11\""
            + " expected, but it was \"10\"",
        "preconditions: pass ~ preconditions: fail ~ test \"adds two\": preconditions: fail"
            + " expected, but it was pass",
        "snapshot: {replicas: 8} ~ snapshot: {} ~ snapshot.replicas) + params.step, floor(10.9)) }}"
            + " has no value",
        "signals: {cpu ~ signals: {cqu ~ spec.tests[0].given.signals.cqu: is no signal",
        "labels: {alertname: HighLatency, env: prod} ~ labels: {} ~ a.yaml:13:"
            + " spec.match.alerts[0]: has no labels, wanted at least one",
        "{labels: {alertname: DatabaseSlow, service: '{{ target.service }}'}} ~ {} ~ a.yaml:15:"
            + " spec.match.notIf[0]: has no labels",
        "labels: {alertname: HighLatency, env: prod} ~ labels: {alertname: HighLatency, env: ''} ~"
            + " a.yaml:13: spec.match.alerts[0].labels: has env without a value, wanted one",
        "env: prod} ~ alertstate: pending} ~ a.yaml:13: spec.match.alerts[0].labels: has"
            + " alertstate, wanted others",
        "env: prod} ~ 'e v': x} ~ has \"e v\", wanted a label's name",
        "'{{ target.service }}' ~ '{{ target.cluster }}' ~ a.yaml:15: label service: in {{"
            + " target.cluster }}: target.cluster is not known, wanted one of",
        "labels: {alertname: HighLatency ~ label: {alertname: HighLatency ~ unknown key"
            + " \"spec.match.alerts[0].label\"",
        "last(\"errors\") > 5 ~ last(\"errors\") + 5 ~ a.yaml:23: check \"burns\": it gives double",
        "during: {errors: {last: 1}} ~ during: {errors: {last: 6}} ~ test \"goes on while all is"
            + " well\": abort: none was expected, but there was (burns: last(errors) = 6, aborts at"
            + " > 5)",
        "during: {errors: {last: 9, before: 1}} ~ during: {errors: {last: 4}} ~ abort: it was"
            + " expected, but nothing aborts the run",
        "expect: {abort: false} ~ expect: {alerts: pass} ~ expect.abort and given.during go"
            + " together",
        "0 18 * * 5 ~ 0 18 * * 9 ~ a.yaml:26: spec.guardrails.windows.deny[0]: ",
        "Europe/Paris ~ Europe/Gaul ~ a.yaml:26: spec.guardrails.windows.deny[0]: Unknown"
            + " time-zone",
        "lasting: 62h ~ lasting: 0s ~ a.yaml:26: spec.guardrails.windows.deny[0].lasting: is 0s,"
            + " wanted 60s to 2678400s",
        ", lasting: 12h ~ '' ~ a.yaml:27: spec.guardrails.windows.allow[0].lasting: is missing",
        "[change-freeze] ~ [freeze] ~ a.yaml:28: spec.guardrails.windows.calendars: has \"freeze\","
            + " wanted one of guardrails.calendars of the configuration: change-freeze",
        "onUnreadable: deny ~ onUnreadable: allow ~ a.yaml:29: spec.guardrails.windows.onUnreadable"
            + " is \"allow\", wanted one of deny",
        "maxUnhealthyPercent: 25 ~ maxUnhealthyPercent: 41 ~ a.yaml:30:"
            + " spec.guardrails.shortCircuit.maxUnhealthyPercent: is 41, looser than the policy's"
            + " 40",
        "maxUnhealthy: 4 ~ maxUnhealthy: 11 ~ maxUnhealthy: is 11, looser than the policy's 10",
        "stormCooldown: 30m ~ stormCooldown: 9m ~ stormCooldown: is 540s, looser than the policy's"
            + " 600s",
        "maxUnhealthyPercent: 25 ~ maxUnhealthyPercent: 0 ~ wanted a whole number from 1 to 100",
        "global: 2 ~ global: 4 ~ a.yaml:31: spec.guardrails.concurrency.global: is 4, looser than"
            + " the policy's 3; wanted as much or less",
        "perFailureDomain: 1 ~ perFailureDomain: 3 ~ a.yaml:31:"
            + " spec.guardrails.concurrency.perFailureDomain: is 3, looser than the policy's 2",
        "perTarget: 1 ~ perTarget: 2 ~ a.yaml:31: spec.guardrails.concurrency.perTarget is \"2\","
            + " wanted a whole number from 1 to 1",
        "global: 2 ~ global: 0 ~ spec.guardrails.concurrency.global is \"0\", wanted a whole number"
            + " from 1 to",
        "perFailureDomain ~ perDomain ~ a.yaml:31: unknown key"
            + " \"spec.guardrails.concurrency.perDomain\"",
        "database.production ~ database ~ a.yaml:32: spec.guardrails.deny: has \"database\", wanted"
            + " ROLE.ENVIRONMENT such as database.production",
        "'*.lab' ~ '*.*' ~ a.yaml:32: spec.guardrails.deny: has \"*.*\", wanted ROLE.ENVIRONMENT",
        "'*.lab' ~ '*.staging' ~ mayBegin: it was expected, but it may not: *.staging is left"
            + " alone",
        "17:30:00Z ~ 17h ~ spec.tests[4].given.at: is \"2026-03-06T17h\", wanted a time such as",
        "2026-03-06T17:30 ~ 2026-03-06T10:30 ~ test \"not on a Friday evening\": mayBegin: it was"
            + " not expected, but nothing is against it",
        "pool: {ill: 4, of: 16} ~ pool: {ill: 4, of: 12} ~ mayBegin: it was expected, but it may"
            + " not: 4 ill, at most 3 may be",
        "onInconclusive: escalate ~ onInconclusive: succeed ~ spec.verify.onInconclusive is"
            + " \"succeed\", wanted one of rollback, escalate",
        "when: [verifyFailed, doNoHarm, stepFailed] ~ when: [] ~ a.yaml:48: spec.rollback.when: is"
            + " empty, wanted at least one of verifyFailed, doNoHarm, inconclusive, stepFailed,"
            + " aborted",
        "[verifyFailed, doNoHarm ~ [verifyfailed, doNoHarm ~ a.yaml:48: spec.rollback.when: has"
            + " \"verifyfailed\", wanted one of verifyFailed, doNoHarm",
        "doNoHarm, stepFailed] ~ stepFailed, stepFailed] ~ a.yaml:48: spec.rollback.when: has"
            + " \"stepFailed\" twice",
        "doNoHarm, stepFailed] ~ inconclusive] ~ a.yaml:48: spec.rollback.when: has inconclusive,"
            + " but verify.onInconclusive is escalate; wanted one of them",
        "onInconclusive: escalate ~ onInconclusive: rollback ~ a.yaml:48: spec.rollback.when: lacks"
            + " inconclusive, but verify.onInconclusive is rollback; wanted both or none",
        "to: shop-pager ~ to: pager ~ a.yaml:53: spec.escalate.to: is \"pager\", wanted a name of"
            + " notifications of the configuration: shop-pager",
        "severity: warning ~ severity: low ~ a.yaml:54: spec.escalate.severity is \"low\", wanted"
            + " one of critical, warning",
        "rollbackFailed, ~ rollbackfailed, ~ a.yaml:52: spec.escalate.after: has"
            + " \"rollbackfailed\", wanted one of attemptsExhausted",
        "rollbackFailed, ~ indeterminate, ~ a.yaml:52: spec.escalate.after: has \"indeterminate\""
            + " twice",
        "blocked>15m ~ blocked>5s ~ a.yaml:52: spec.escalate.after: has \"blocked>5s\", wanted a"
            + " time span of 1m to 31d",
        "[attemptsExhausted, rollbackFailed, indeterminate, blocked>15m] ~ [] ~ a.yaml:52:"
            + " spec.escalate.after: is empty",
        "expect: {alerts: fail} ~ expect: {alerts: pass} ~ test \"not while the database is"
            + " slow\": alerts: pass expected, but it was fail ({alertname=\"DatabaseSlow\",service"
            + "=\"tried\"}: 1 of 2 firing alerts, wanted none)",
        "{verify: fail, final: rolled-back} ~ {final: escalated} ~ test \"too slow is taken back\":"
            + " final: escalated expected, but it was rolled-back (verifyFailed, cpu: last(cpu) ="
            + " 0.9, wanted < 0.7)",
        "{verify: pass, final: rolled-back} ~ {final: succeeded} ~ final: succeeded expected, but"
            + " it was rolled-back (doNoHarm, pool: share(pool) = 0.95, wanted < 0.9)",
        "during: {errors: {last: 7}} ~ during: {errors: {last: 5}} ~ final: escalated expected, but"
            + " it was none (nothing aborts the run, and given.after is missing)",
        "during: {errors: {last: 7}} ~ during: {errors: {last: 6}}, at: '2026-03-04T10:00:00Z' ~"
            + " expect.mayBegin and given.at or given.pool go together",
        "expect: {final: succeeded} ~ expect: {final: healed} ~ final is \"healed\", wanted one of"
            + " succeeded, rolled-back, escalated",
        "given: {snapshot: {replicas: 8}, during: {errors: {last: 7}}} ~ given: {snapshot:"
            + " {replicas: 8}} ~ expect.final wants given.after or given.during to tell it by",
        "when: [verifyFailed, doNoHarm, stepFailed] ~ when: [verifyFailed, doNoHarm, aborted] ~"
            + " test \"it stays when it is aborted\": final: escalated expected, but it was"
            + " rolled-back (aborted, burns: last(errors) = 7",
        "end: blocked>20m ~ end: blocked>14m ~ escalate: [shop-pager, warning] expected, but it was"
            + " [nobody, critical]",
        "end: blocked>20m ~ end: blockd ~ given.end: is \"blockd\", wanted one of"
            + " attemptsExhausted, rollbackFailed, indeterminate, blocked>15m",
        "end: rollbackFailed} ~ signals: {}} ~ expect.escalate and given.end go together",
        "[attemptsExhausted, rollbackFailed, ~ [attemptsExhausted, ~ test \"the shop is told that"
            + " it did not go back\": escalate: [shop-pager, warning] expected, but it was [all,"
            + " critical]",
        "kind: Runbook ~ kind: [Runbook ~ a.yaml:3: not YAML",
        "owner: shop ~ name: twice ~ key \"name\" is given twice",
      })
  void read_oneThingWrong_saysFileLineSeenWanted(String good, String bad, String wanted) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> read(GOOD.replaceFirst(java.util.regex.Pattern.quote(good), bad)))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining(wanted);
  }

  @Test
  void read_manyThingsWrong_allToldTogether() {
    var bad =
        GOOD.replace("tier: 1", "tier: 9")
            .replace("mode: auto", "mode: x")
            .replace("for: 5m", "for: x");
    assertThatThrownBy(() -> read(bad))
        .isInstanceOfSatisfying(
            YamlException.class, e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(3));
  }

  @Test
  void read_irreversibleInTierOne_refused() {
    assertThatThrownBy(() -> read(GOOD.replace("action: toy.scale\n", "action: toy.restart\n")))
        .hasMessageContaining("tier: is 1, but step \"scale\" (toy.restart) cannot be taken back");
  }

  @Test
  void read_reversibleWithoutWayBack_refused() {
    int from = GOOD.indexOf("  rollback:");
    int to = GOOD.indexOf("  tests:");
    var without =
        GOOD.substring(0, from)
            + GOOD.substring(to).replace(", rollback: {back: {replicas: 8}}", "");
    assertThatThrownBy(() -> read(without))
        .hasMessageContaining("can be taken back, so its way back is wanted");
  }

  @Test
  void read_noTests_refused() {
    assertThatThrownBy(() -> read(GOOD.substring(0, GOOD.indexOf("  tests:"))))
        .hasMessageContaining("spec.tests: is missing, wanted at least one test");
  }

  @Test
  void read_argumentsThatTheActionRefuses_told() {
    assertThatThrownBy(() -> read(GOOD.replaceFirst("with: \\{replicas: '.*'\\}", "with: {}")))
        .hasMessageContaining("step \"scale\": replicas is missing");
  }

  @Test
  void read_hugeOrNestedOrAliased_refusedNotCrashed() {
    assertThatThrownBy(() -> read("a: " + "x".repeat(300_000))).hasMessageContaining("262144");
    assertThatThrownBy(() -> read("a: " + "[".repeat(5_000))).isInstanceOf(YamlException.class);
    assertThatThrownBy(() -> read("a: &a [*a, *a]\nb: *a\n")).isInstanceOf(YamlException.class);
    assertThatThrownBy(() -> read("")).isInstanceOf(YamlException.class);
    assertThatThrownBy(() -> read("a: \u0000")).isInstanceOf(YamlException.class);
  }

  @Test
  void shipped_everyFileIsListedAndLoads() throws Exception {
    assertThat(files()).containsExactlyInAnyOrderElementsOf(ShippedRunbooks.FILES);
    var runbooks = ShippedRunbooks.read(new RunbookReader(EXPRESSIONS, null));
    for (Runbook runbook : runbooks) {
      assertThat(runbook.name() + ".yaml").isIn(ShippedRunbooks.FILES);
      assertThat(runbook.mode()).isEqualTo(Runbook.Mode.SUGGEST);
      assertThat(runbook.trials()).hasSizeGreaterThanOrEqualTo(3);
    }
  }

  private static List<String> files() throws URISyntaxException, java.io.IOException {
    var folder =
        Path.of(
                ShippedRunbooks.class
                    .getResource("catalogue/" + ShippedRunbooks.FILES.getFirst())
                    .toURI())
            .getParent();
    try (var list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void catalogue_specificFirst_andOnlyWhatFits() {
    var any =
        read(
            GOOD.replace("roles: [stateless]", "roles: []")
                .replace("name: scale-out", "name: any"));
    var specific = read(GOOD);
    var catalogue = RunbookCatalogue.of(List.of(any, specific));
    var target = new Target("s", "toy", "stateless", "", false, "", Map.of());
    assertThat(catalogue.forPattern("load-surge", target)).containsExactly(specific, any);
    assertThat(catalogue.forPattern("cache-full", target)).isEmpty();
    var queue = new Target("s", "toy", "queue", "", false, "", Map.of());
    assertThat(catalogue.forPattern("load-surge", queue)).containsExactly(any);
    var redis = new Target("s", "redis", "stateless", "", false, "", Map.of());
    assertThat(catalogue.forPattern("load-surge", redis)).isEmpty();
    assertThat(catalogue.byName("any")).contains(any);
    assertThatThrownBy(() -> RunbookCatalogue.of(List.of(any, any)))
        .hasMessageContaining("two runbooks are named any");
  }

  @Test
  void catalogue_alertsTellApart() {
    var one = read(GOOD);
    var same = read(GOOD.replace("name: scale-out", "name: same"));
    var other =
        read(
            GOOD.replace("name: scale-out", "name: other")
                .replace("alertname: HighLatency", "alertname: HighLoad"));
    var none =
        read(
            GOOD.replace("name: scale-out", "name: none")
                .replace("    alerts: [{labels: {alertname: HighLatency, env: prod}}]\n", ""));
    assertThat(RunbookCatalogue.ties(one, same)).isTrue();
    assertThat(RunbookCatalogue.ties(one, other)).isFalse();
    assertThat(RunbookCatalogue.ties(one, none)).isFalse();
    var target = new Target("s", "toy", "stateless", "", false, "", Map.of());
    var catalogue = RunbookCatalogue.of(List.of(none, one));
    assertThat(catalogue.forPattern("load-surge", target)).containsExactly(one, none);
    assertThat(catalogue.rivals(one, target)).isEmpty();
  }

  @Test
  void targets_twiceOrNameless_refused() {
    var target = new Target("s", "toy", "", "", false, "", Map.of());
    assertThat(Targets.of(List.of(target)).of("s")).contains(target);
    assertThat(Targets.NONE.of("s")).isEmpty();
    assertThatThrownBy(() -> Targets.of(List.of(target, target))).hasMessageContaining("twice");
    assertThatThrownBy(
            () -> Targets.of(List.of(new Target(" ", "toy", "", "", false, "", Map.of()))))
        .hasMessageContaining("exact name");
  }
}
