package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prunella.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("data/tokens.yml");
  }

  @Test
  void firstAdmin_emptyThenNot_isMadeOnceAndOnlyItsHashIsKept() throws IOException {
    var tokens = Tokens.open(file);
    String secret = tokens.firstAdmin(new Random(1)).orElseThrow();
    assertThat(tokens.firstAdmin(new Random(2))).isEmpty();
    assertThat(secret).startsWith("pru_").hasSize(47);
    assertThat(Files.readString(file)).doesNotContain(secret).doesNotContain(secret.substring(4));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Tokens.open(file).find(secret)).extracting(Tokens.Token::role).isEqualTo(Role.ADMIN);
    assertThat(tokens.find(secret + "x")).isNull();
    assertThat(tokens.find("")).isNull();
  }

  @Test
  void find_tokenAddedByAnotherProcess_isSeen() {
    var server = Tokens.open(file);
    server.firstAdmin(new Random(1));
    String secret = Tokens.open(file).add("anna", Role.APPROVER, new Random(2));
    assertThat(server.find(secret)).extracting(Tokens.Token::name).isEqualTo("anna");
    assertThat(Tokens.open(file).remove("anna")).isTrue();
    assertThat(server.find(secret)).isNull();
  }

  @Test
  void remove_lastAdmin_isRefused() {
    var tokens = Tokens.open(file);
    tokens.firstAdmin(new Random(1));
    assertThatThrownBy(() -> tokens.remove("admin")).hasMessageContaining("last admin");
    assertThat(tokens.remove("nobody")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "prunella",
        "-x",
        "a b",
        "a\nb",
        "taken",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void add_badName_isRefused(String name) {
    var tokens = Tokens.open(file);
    tokens.add("taken", Role.VIEWER, new Random(1));
    assertThatThrownBy(() -> tokens.add(name, Role.VIEWER, new Random(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tokens.list()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokens: 7 | list",
        "tokens: [{name: a, role: king, sha256: 00}] | role",
        "tokens: [{name: a, role: admin, sha256: 00}] | 64 hex",
        "tokens: [{name: a, role: admin, sha256: 00, secret: x}] | secret",
        "token: [] | token"
      })
  void open_malformedFile_namesFileAndFault(String text, String said) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThatThrownBy(() -> Tokens.open(file))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("tokens.yml")
        .hasMessageContaining(said);
  }
}
