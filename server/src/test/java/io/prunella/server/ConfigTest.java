package io.prunella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final Path SHIPPED = ConfigText.root().resolve("server/docs/config.yaml");

  @Test
  void shippedFile_parsed_isTheDefaults() throws IOException {
    String wanted = ConfigText.of(Config.DEFAULTS);
    if (Boolean.getBoolean("prunella.write-docs")) Files.writeString(SHIPPED, wanted);
    assertThat(Files.readString(SHIPPED))
        .as("server/docs/config.yaml; write it anew with -Dprunella.write-docs=true")
        .isEqualTo(wanted);
    assertThat(ConfigFile.parse("config.yaml", wanted)).isEqualTo(Config.DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web: {listen-adress: a} | c.yml:1: unknown key \"web.listen-adress\", wanted one of"
            + " connections-max, first-request-ms, listen-address",
        "web: {listen-address: nowhere} | c.yml:1: web: listen-address is \"nowhere\", wanted"
            + " host:port",
        "watch: {series-max: many} | c.yml:1: watch.series-max is \"many\", wanted a whole number",
        "guardrails: {attempts-max: 0} | c.yml:1: guardrails: policy attempts-max is 0, wanted at"
            + " least 1",
        "targets: [{servise: a}] | c.yml:1: unknown key \"targets[0].servise\"",
        "runbooks: {modes: {a: loud}} | c.yml:1: runbooks: modes.a is \"loud\", wanted observe,"
            + " suggest or auto",
        "services: {rules: [{name: plain}]} | names no label",
        "web: [1] | c.yml:1: web is a list, wanted a mapping",
      })
  void parse_wrong_saysFileLineSeenWanted(String yaml, String message) {
    assertThatThrownBy(() -> ConfigFile.parse("c.yml", yaml))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parse_aWindow_isReadWhole() {
    Config config =
        ConfigFile.parse(
            "c.yml",
            "guardrails: {windows: [{name: friday, cron: '0 16 * * 5', lasting: 8h, zone:"
                + " Europe/Paris}]}");
    assertThat(config.guardrails().windows())
        .singleElement()
        .hasFieldOrPropertyWithValue("name", "friday");
  }

  @Test
  void parse_aWindowWithoutZone_isRefused() {
    assertThatThrownBy(() ->
            ConfigFile.parse(
                "c.yml", "guardrails: {windows: [{name: a, cron: '0 1 * * *', lasting: 1h}]}"))
        .hasMessageContaining("c.yml:1: guardrails.windows[0]: zone is missing");
  }

  @Test
  void parse_allowWindowsAndCalendars_areReadWhole() {
    Config config =
        ConfigFile.parse(
            "c.yml",
            """
            guardrails:
              allow-windows:
                - {name: office, cron: '0 9 * * MON-FRI', lasting: 8h, zone: Europe/Paris}
              calendars:
                - {name: freeze, file: freeze.ics, zone: Europe/Paris}
                - {name: releases, url: 'https://calendar.example/r.ics', refresh: 5m, age-max: 1h}
            """);
    assertThat(config.guardrails().allowWindows()).hasSize(1);
    assertThat(config.guardrails().calendars())
        .extracting(c -> c.name() + " " + c.zone() + " " + c.refresh())
        .containsExactly("freeze Europe/Paris PT5M", "releases UTC PT5M");
  }

  @Test
  void parse_aCalendarFromTwoPlaces_isRefused() {
    assertThatThrownBy(() ->
            ConfigFile.parse(
                "c.yml",
                "guardrails: {calendars: [{name: a, file: a.ics, url: 'https://c.example/a'}]}"))
        .hasMessageContaining("calendar a has file \"a.ics\"");
  }
}
