package io.prunella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.console.SampleServer;
import io.prunella.console.SampleWorld;
import io.prunella.journal.Journal;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command as it is typed, against a real server. */
class PrunellaTest {
  private static final String DIGEST =
      "7f3a9c1e5b7d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c1e3b5d7f9a1c3e5b7d9f1a";

  @TempDir Path folder;
  private SampleServer server;
  private String token = SampleServer.OPERATOR;
  private String out = "";
  private String err = "";

  @BeforeEach
  void open() {
    server = new SampleServer(SampleWorld.busy(), folder);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** Against the server, as the token's owner. */
  private int run(String... args) {
    return bare(
        Stream.concat(Arrays.stream(args), Stream.of("--url", server.url(), "--token", token))
            .toArray(String[]::new));
  }

  private int bare(String... args) {
    var data = new StringWriter();
    var messages = new StringWriter();
    int exit = Prunella.run(new PrintWriter(data), new PrintWriter(messages), args);
    out = data.toString();
    err = messages.toString();
    return exit;
  }

  @Test
  void status_table_saysHowThingsAre() {
    assertThat(run("status")).isZero();
    assertThat(out)
        .contains("automation  on")
        .contains("3 open")
        .contains("1 waiting")
        .contains("otto, operator");
    assertThat(err).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"name, INC-1093", "table, checkout-api", "json, incidents"})
  void incidents_form_isAsAsked(String form, String said) {
    assertThat(run("incidents", "-o", form)).isZero();
    assertThat(out).contains(said);
    if (form.equals("name"))
      assertThat(out.lines()).containsExactly("INC-1093", "INC-1092", "INC-1091");
    if (form.equals("json")) assertThat(new JsonObject(out).getJsonArray("incidents")).hasSize(3);
  }

  @Test
  void incidents_one_isShownWithEvidence() {
    assertThat(run("incidents", "INC-1093")).isZero();
    assertThat(out)
        .contains("suspect  checkout-api")
        .contains("Bad deploy")
        .contains("action   REM-2841");
  }

  @Test
  void abort_needsAReason_andOneThatIsNotOver() {
    assertThat(run("abort", "REM-2841", "--reason", "wrong host")).isZero();
    assertThat(out).contains("REM-2841 begins nothing new");
    assertThat(run("abort", "REM-2841")).isEqualTo(2);
    assertThat(run("abort", "REM-2840", "--reason", "late")).as("it is over").isEqualTo(5);
    assertThat(run("abort", "REM-1", "--reason", "none")).isEqualTo(6);
  }

  @Test
  void show_thenApproveWithItsDigest() {
    token = SampleServer.APPROVER;
    assertThat(run("approvals")).isZero();
    assertThat(out).contains("APR-2841").contains(DIGEST);
    assertThat(run("show", "APR-2841", "--diff")).isZero();
    assertThat(out).contains("+ image: registry.local/checkout-api:2.41.3");
    assertThat(run("approve", "APR-2841", "--plan", DIGEST, "-m", "fine")).isZero();
    assertThat(out).contains("now APPROVED");
    assertThat(run("approve", "APR-2841", "--plan", DIGEST)).as("decided already").isEqualTo(5);
  }

  @Test
  void approve_changedPlan_is5_withoutPlan_is2_asViewer_is4() {
    token = SampleServer.APPROVER;
    assertThat(run("approve", "APR-2841", "--plan", "0000")).isEqualTo(5);
    assertThat(err).contains("plan has changed");
    assertThat(run("approve", "APR-2841")).isEqualTo(2);
    assertThat(run("approve", "APR-1", "--plan", "0")).isEqualTo(6);
    assertThat(run("approve", "APR-2838", "--plan", "0")).as("expired").isEqualTo(5);
    token = SampleServer.VIEWER;
    assertThat(run("approve", "APR-2841", "--plan", DIGEST)).isEqualTo(4);
    token = "pru_wrong";
    assertThat(run("approve", "APR-2841", "--plan", DIGEST)).isEqualTo(4);
    assertThat(out).isEmpty();
  }

  @Test
  void reject_withReason_isOnRecord() {
    assertThat(run("reject", "APR-2841")).as("no reason").isEqualTo(2);
    assertThat(run("reject", "APR-2841", "-m", "wrong window")).isZero();
    assertThat(server.world().state().suggestion("APR-2841").orElseThrow().why())
        .isEqualTo("wrong window");
  }

  @Test
  void stop_resume_onlyOneAndSeveral() {
    assertThat(run("resume", "--reason", "r")).as("none in force").isEqualTo(6);
    assertThat(run("stop", "--reason", "drill", "--for", "2h", "-o", "name")).isZero();
    assertThat(out.strip()).isEqualTo("STOP-1");
    assertThat(run("stop", "--reason", "drill", "--scope", "tier:1", "--level", "halt")).isZero();
    assertThat(run("resume", "--reason", "r")).as("two in force").isEqualTo(2);
    assertThat(err).contains("STOP-1, STOP-2");
    assertThat(run("resume", "--reason", "r", "--stop", "STOP-2")).isZero();
    assertThat(run("resume", "--reason", "r")).isZero();
    assertThat(run("stop", "--reason", "r", "--scope", "pods")).isEqualTo(1);
    assertThat(err).contains("service:NAME");
  }

  @Test
  void audit_showVerifyExport() throws Exception {
    assertThat(run("audit", "show", "--who", "ada", "--limit", "3", "-o", "name")).isZero();
    assertThat(out.lines()).containsExactly("120", "115", "110");
    assertThat(run("audit", "verify")).isZero();
    server.world().found(new Journal.Verdict(false, 17, "entry 17 was changed"));
    assertThat(run("audit", "verify")).isEqualTo(1);
    assertThat(out).contains("NOT INTACT").contains("entry 17");
    assertThat(run("audit", "export")).isZero();
    assertThat(out.lines()).hasSize(120);
    Path file = folder.resolve("trail.jsonl");
    assertThat(run("audit", "export", "--file", file.toString())).isZero();
    assertThat(Files.readAllLines(file)).hasSize(120);
    assertThat(run("audit", "export", "--file", file.toString()))
        .as("never over an existing file")
        .isEqualTo(1);
  }

  @Test
  void auditVerify_offlineWithoutJournal_isNotIntact() {
    assertThat(bare("audit", "verify", "--storage.path", folder.toString())).isEqualTo(1);
    assertThat(bare("audit", "verify", "--storage.path", folder.resolve("none").toString()))
        .isEqualTo(6);
  }

  @Test
  void server_notThere_is7_urlMalformed_is2() {
    assertThat(bare("status", "--url", "http://127.0.0.1:1", "--token", "x")).isEqualTo(7);
    assertThat(err).contains("cannot reach");
    assertThat(bare("status", "--url", "localhost", "--token", "x")).isEqualTo(2);
  }

  @Test
  void tokenFile_isRead() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), SampleServer.VIEWER + "\n");
    assertThat(bare("status", "--url", server.url(), "--token-file", file.toString())).isZero();
    assertThat(out).contains("vera, viewer");
    assertThat(
            bare(
                "status", "--url", server.url(), "--token-file", folder.resolve("none").toString()))
        .isEqualTo(2);
  }

  @Test
  void token_addListRemove_worksOnTheFile() {
    String at = folder.resolve("other").toString();
    assertThat(bare("token", "add", "root", "--role", "admin", "--storage.path", at)).isZero();
    assertThat(bare("token", "add", "ben", "--role", "approver", "--storage.path", at)).isZero();
    assertThat(out.strip()).startsWith("pru_");
    assertThat(err).contains("cannot be shown again");
    assertThat(bare("token", "list", "--storage.path", at)).isZero();
    assertThat(out).contains("ben   approver").doesNotContain("pru_");
    assertThat(bare("token", "add", "ben", "--role", "approver", "--storage.path", at))
        .isEqualTo(2);
    assertThat(bare("token", "add", "eve", "--role", "queen", "--storage.path", at)).isEqualTo(2);
    assertThat(bare("token", "remove", "ben", "--storage.path", at)).isZero();
    assertThat(bare("token", "remove", "ben", "--storage.path", at)).isEqualTo(6);
    assertThat(bare("token", "remove", "root", "--storage.path", at))
        .as("the last admin")
        .isEqualTo(2);
  }

  @Test
  void use_typo_suggests_andCompletionIsAScript() {
    assertThat(bare("aprovals")).isEqualTo(2);
    assertThat(err).contains("approvals");
    assertThat(bare("completion")).isZero();
    assertThat(out).contains("complete -F");
    assertThat(bare()).isZero();
    assertThat(out).contains("Exit codes:").contains("approve");
  }

  @Test
  void hostileTitle_cannotSteerTheTerminal() {
    assertThat(Output.plain("a\u001b[31mb\nc\u202ed")).isEqualTo("a?[31mb?c?d");
  }
}
