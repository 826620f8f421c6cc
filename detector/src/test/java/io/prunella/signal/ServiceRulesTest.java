package io.prunella.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.series.Labels;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlException;
import io.prunella.yaml.YamlMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRulesTest {
  @ParameterizedTest
  @CsvSource({
    "namespace=shop pod=cart-7d9c6b5f4d-x2x8k job=cadvisor, shop/cart, cart-7d9c6b5f4d-x2x8k",
    "namespace=shop pod=redis-0, shop/redis, redis-0",
    "namespace=shop pod=node-agent-x2x8k, shop/node-agent, node-agent-x2x8k",
    "namespace=shop pod=report-28374650-x2x8k, shop/report, report-28374650-x2x8k",
    "namespace=shop pod=redis-proxy, shop/redis-proxy, redis-proxy",
    "namespace=shop deployment=cart job=ksm, shop/cart, ''",
    "namespace=monitoring pod=ksm-1 exported_namespace=shop exported_pod=cart-0, shop/cart, cart-0",
    "__name__=kube_node_status_condition node=worker-1 job=ksm, worker-1, ''",
    "__name__=node_systemd_unit_state name=redis.service job=node instance=a:9100, redis, a:9100",
    "__name__=traces_service_graph_request_total client=web server=cart job=tempo, cart, ''",
    "service=checkout job=x instance=a:1, checkout, a:1",
    "app=checkout job=x, checkout, ''",
    "job=node instance=a:9100, node, a:9100",
    "instance=a:9100, a:9100, a:9100",
    "other=x, unknown, ''",
  })
  void service_labels_areNamedAsPeopleWould(String labels, String service, String instance) {
    var map = new TreeMap<String, String>();
    for (String pair : labels.split(" ")) map.put(pair.split("=")[0], pair.split("=")[1]);
    assertThat(ServiceRules.DEFAULTS.service(Labels.of(map))).isEqualTo(service);
    assertThat(ServiceRules.DEFAULTS.instance(Labels.of(map))).isEqualTo(instance);
  }

  @Test
  void read_ownRules_standBeforeTheShippedOnes() {
    var problems = new Problems("prunella.yaml");
    var rules =
        ServiceRules.read(
            YamlMap.parse(
                "prunella.yaml",
                """
                rules:
                  - {metric: "mysql_*", name: "db/{cluster}"}
                instanceLabels: [host]
                """,
                problems));
    problems.throwIfAny();
    var labels = Labels.of("__name__", "mysql_up", "cluster", "eu", "host", "h1", "job", "mysql");
    assertThat(rules.service(labels)).isEqualTo("db/eu");
    assertThat(rules.instance(labels)).isEqualTo("h1");
    assertThat(rules.service(Labels.of("__name__", "up", "job", "j"))).isEqualTo("j");
  }

  @ParameterizedTest
  @CsvSource({
    "plain, names no label",
    "'{a:b}', ':owner'",
    "'{a', names no label",
    "'{a}}', brace",
    "'{1x}', 1x"
  })
  void read_brokenRule_isToldWithItsLine(String name, String wanted) {
    var problems = new Problems("prunella.yaml");
    ServiceRules.read(
        YamlMap.parse("prunella.yaml", "rules:\n  - name: '%s'\n".formatted(name), problems));
    assertThatThrownBy(problems::throwIfAny)
        .isInstanceOf(YamlException.class)
        .hasMessageStartingWith("prunella.yaml:2:")
        .hasMessageContaining(wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "a*c, abc, true",
    "a*c, ac, true",
    "a*c, acb, false",
    "*b*, abc, true",
    "*, x, true",
    "abc, abc, true",
    "abc, abcd, false",
    "a*b*c, aXbYc, true",
    "ab*ba, aba, false",
  })
  void matches_glob_fitsTheWholeName(String glob, String name, boolean fits) {
    assertThat(new Glob(glob).matches(name)).isEqualTo(fits);
  }
}
