package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.Command;
import io.prunella.journal.Journal;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages, forms, login and the live stream over real HTTP, as a browser without scripts sees them.
 */
class PagesTest {
  private static final String DECISION = "/approvals/APR-2841/decision";

  @TempDir Path folder;
  private SampleServer server;
  private Browser browser;

  @BeforeEach
  void open() {
    server = new SampleServer(SampleWorld.busy(), folder);
    browser = new Browser(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/incidents",
        "/incidents/INC-1091",
        "/incidents/INC-1092",
        "/incidents/INC-1093",
        "/incidents/INC-3",
        "/approvals",
        "/approvals/APR-2841",
        "/approvals/APR-2838",
        "/explore",
        "/explore?service=mail-relay",
        "/runbooks",
        "/runbooks/archive-logs",
        "/guardrails",
        "/audit",
        "/audit?q=INC-7",
        "/status"
      })
  void page_loggedIn_isWholeStrictAndEscaped(String path) {
    var answer = browser.login(SampleServer.VIEWER).get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
        .contains(
            "default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(answer.body())
        .contains("<main", "</html>")
        .doesNotContain("<script>")
        .doesNotContain("style=\"");
    assertThat(answer.body().split("<script ")).as("one module, no inline scripts").hasSize(2);
  }

  @Test
  void status_alarmBudget_isToldInWords() {
    String page = browser.login(SampleServer.VIEWER).get("/status").body();
    assertThat(page)
        .contains("at most 0.50 false incidents a week", "× the configured lines", "half of the")
        .contains(" candidates in 0.50 weeks", "1 of them, of 0.25 allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/incidents/INC-1093", "/audit", "/live", "/status"})
  void page_notLoggedIn_isSentToTheLogin(String path) {
    var answer = browser.get(path);
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("location").orElse("")).startsWith("/login");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void page_unknown_is404AndSaysSo() {
    browser.login(SampleServer.VIEWER);
    assertThat(browser.get("/incidents/INC-9999").statusCode()).isEqualTo(404);
    assertThat(browser.get("/nowhere").body()).contains("Not there");
    assertThat(browser.get("/runbooks/none").statusCode()).isEqualTo(404);
    assertThat(browser.get("/static/x/../console.css").statusCode()).isEqualTo(404);
  }

  @Test
  void login_cookie_isStrictAndSecretAndLogoutEndsIt() {
    var answer = browser.form("/login", "token", SampleServer.VIEWER, "next", "/incidents");
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("location")).hasValue("/incidents");
    assertThat(answer.headers().firstValue("set-cookie").orElse(""))
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict")
        .doesNotContain("pru_");
    browser.login(SampleServer.VIEWER);
    assertThat(browser.send("/logout").statusCode()).isEqualTo(303);
    assertThat(browser.get("/").statusCode()).isEqualTo(303);
  }

  @Test
  void login_wrongTokens_areCountedAndHeld() {
    for (int i = 0; i < 10; i++)
      assertThat(browser.form("/login", "token", "pru_no").statusCode()).isEqualTo(401);
    assertThat(browser.form("/login", "token", SampleServer.ADMIN).statusCode()).isEqualTo(429);
  }

  @Test
  void login_tokenInAddress_isRefused() {
    var answer = browser.get("/login?token=" + SampleServer.ADMIN);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"//else.where", "https://else.where", "javascript:alert(1)"})
  void login_nextElsewhere_goesHome(String next) {
    var answer = browser.form("/login", "token", SampleServer.VIEWER, "next", next);
    assertThat(answer.headers().firstValue("location")).hasValue("/");
  }

  @Test
  void approve_asksOnceMore_thenDecides() {
    browser.login(SampleServer.APPROVER);
    var asked =
        browser.send(
            DECISION,
            "decision",
            "approve",
            "planDigest",
            SampleState.DIGEST,
            "idempotencyKey",
            "k",
            "reason",
            "fine");
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.body()).contains("Not yet").contains("Yes, run it").contains("value=\"fine\"");
    assertThat(server.world().lastAsked()).isNull();
    var done =
        browser.send(
            DECISION,
            "decision",
            "approve",
            "planDigest",
            SampleState.DIGEST,
            "idempotencyKey",
            "k",
            "reason",
            "fine",
            "confirmed",
            "yes");
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(browser.get("/approvals/APR-2841").body())
        .contains("Your approval is on record")
        .contains("anna");
    assertThat(browser.get("/approvals/APR-2841").body())
        .doesNotContain("Your approval is on record");
  }

  @Test
  void approve_planHasChanged_comesBackWithTheNewOne() {
    browser.login(SampleServer.APPROVER);
    server.world().changePlan("APR-2841", "f".repeat(64));
    var answer =
        browser.send(
            DECISION,
            "decision",
            "approve",
            "planDigest",
            SampleState.DIGEST,
            "idempotencyKey",
            "k",
            "reason",
            "my note",
            "confirmed",
            "yes");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body())
        .contains("Something has changed")
        .contains("f".repeat(64))
        .contains("my note");
  }

  @Test
  void reject_withoutReason_is422AndKeepsThePage() {
    browser.login(SampleServer.APPROVER);
    var answer =
        browser.send(
            DECISION,
            "decision",
            "reject",
            "planDigest",
            SampleState.DIGEST,
            "idempotencyKey",
            "k");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("needs a reason");
    assertThat(server.world().lastAsked()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/stop, approver",
    "/resume, approver",
    "/remediations/REM-2839/review, approver",
    "/remediations/REM-2840/abort, approver",
    "/incidents/INC-1093/takeover, approver",
    "/guardrails/unfreeze, approver",
    "/x/faults, approver",
    "/approvals/APR-2841/decision, viewer"
  })
  void form_roleDoesNotSuffice_is403(String path, String who) {
    browser.login(who.equals("viewer") ? SampleServer.VIEWER : SampleServer.APPROVER);
    assertThat(browser.send(path, "reason", "r", "decision", "reject").statusCode()).isEqualTo(403);
    assertThat(server.world().lastAsked()).isNull();
  }

  @Test
  void form_withoutOrWithForeignCsrf_is403() {
    browser.login(SampleServer.ADMIN);
    String foreign = new Browser(server).login(SampleServer.ADMIN).csrf();
    assertThat(browser.form("/stop", "reason", "r").statusCode()).isEqualTo(403);
    assertThat(browser.form("/stop", "reason", "r", "csrf", foreign).statusCode()).isEqualTo(403);
    assertThat(server.world().lastAsked()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/stop",
        "/resume",
        DECISION,
        "/guardrails/unfreeze",
        "/incidents/INC-1093/takeover",
        "/logout",
        "/x/faults"
      })
  void get_whereOnlyPostsDecide_changesNothing(String path) {
    browser.login(SampleServer.ADMIN);
    assertThat(
            browser
                .get(path + "?decision=approve&confirmed=yes&reason=r&csrf=" + browser.csrf())
                .statusCode())
        .isEqualTo(404);
    assertThat(server.world().lastAsked()).isNull();
    assertThat(browser.get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void stop_thenResume_isOnEveryPage() {
    browser.login(SampleServer.OPERATOR);
    var stopped =
        browser.send(
            "/stop",
            "reason",
            "bad <b>numbers</b>",
            "level",
            "halt",
            "scope",
            "tier:1",
            "for",
            "30m",
            "back",
            "/audit");
    assertThat(stopped.headers().firstValue("location")).hasValue("/audit");
    assertThat(browser.get("/status").body())
        .contains("Halted")
        .contains("tier 1")
        .contains("bad &lt;b&gt;numbers&lt;/b&gt;");
    assertThat(browser.send("/stop", "reason", "").statusCode()).isEqualTo(422);
    assertThat(browser.send("/stop", "reason", "r", "scope", "pods").statusCode()).isEqualTo(400);
    assertThat(browser.send("/resume", "stop", "STOP-1", "reason", "well again").statusCode())
        .isEqualTo(303);
    assertThat(server.world().state().stops()).isEmpty();
  }

  @Test
  void running_showsStepsCountdownAndAbort_toWhomMayAbort() {
    server.world().put(SampleState.running());
    server.world().say(SampleState.RUNNING_KEY, "image <b>pulled</b>");
    browser.login(SampleServer.OPERATOR);
    assertThat(browser.get("/incidents/INC-1093").body())
        .contains("data-until=\"" + SampleWorld.NOW.plusSeconds(300).toEpochMilli())
        .contains("drain, done")
        .contains("<summary>drained &lt;pod&gt; of 12")
        .contains("data-until=\"" + SampleWorld.NOW.plusSeconds(70).toEpochMilli())
        .contains("<pre>image &lt;b&gt;pulled&lt;/b&gt;</pre>")
        .contains("Abort REM-2850");
    assertThat(browser.send("/remediations/REM-2850/abort", "reason", "").statusCode())
        .isEqualTo(422);
    assertThat(browser.send("/remediations/REM-2840/abort", "reason", "late").statusCode())
        .as("it is over")
        .isEqualTo(409);
    assertThat(
            browser
                .send("/remediations/REM-2850/abort", "reason", "wrong host", "back", "/incidents")
                .statusCode())
        .isEqualTo(303);
    assertThat(server.world().lastAsked())
        .isEqualTo(new Command.AbortRemediation("otto", "REM-2850", "wrong host"));
    browser.login(SampleServer.APPROVER);
    assertThat(browser.get("/incidents/INC-1093").body()).doesNotContain("Abort REM-2850");
  }

  @Test
  void operatorForms_reachControl() {
    browser.login(SampleServer.OPERATOR);
    assertThat(
            browser.send("/remediations/REM-2839/review", "good", "yes", "note", "ok").statusCode())
        .isEqualTo(303);
    assertThat(browser.send("/remediations/REM-2839/review", "good", "so-so").statusCode())
        .isEqualTo(400);
    assertThat(browser.send("/incidents/INC-1093/takeover", "reason", "mine").statusCode())
        .isEqualTo(303);
    assertThat(
            browser
                .send("/guardrails/unfreeze", "service", "mail-relay", "reason", "fixed")
                .statusCode())
        .isEqualTo(303);
    assertThat(browser.get("/guardrails").body()).contains("may be acted on again");
  }

  @Test
  void extension_button_isPressedAndItsWordsAreShown() {
    browser.login(SampleServer.OPERATOR);
    assertThat(browser.send("/x/faults", "button", "bad-deploy").statusCode()).isEqualTo(303);
    assertThat(browser.get("/").body()).contains("Caused: bad-deploy");
    browser.send("/x/faults", "button", "disk");
    assertThat(browser.get("/").body()).contains("Not done: the disk is full already");
    assertThat(browser.send("/x/faults", "button", "other").statusCode()).isEqualTo(404);
  }

  @Test
  void verify_brokenTrail_saysSo() {
    browser.login(SampleServer.VIEWER);
    assertThat(browser.send("/audit/verify").body()).contains("Intact.");
    server.world().found(new Journal.Verdict(false, 17, "entry 17 was changed"));
    assertThat(browser.send("/audit/verify").body())
        .contains("Not intact.")
        .contains("entry 17 was changed");
  }

  @Test
  void journalDown_isOnEveryPage() {
    browser.login(SampleServer.VIEWER);
    server.world().journalDown("no space left on the disk");
    assertThat(browser.get("/runbooks").body())
        .contains("automation is off")
        .contains("no space left on the disk");
  }

  @Test
  void emptyWorld_saysWhatToDo() {
    try (var empty =
        new SampleServer(
            SampleWorld.empty(),
            SampleWindows.empty(),
            folder,
            ConsoleConfig.DEFAULTS,
            InstantSource.system(),
            0)) {
      var visitor = new Browser(empty).login(SampleServer.VIEWER);
      assertThat(visitor.get("/").body())
          .contains("Nothing to watch yet")
          .contains("remote_write:")
          .contains("/api/v1/write");
      assertThat(visitor.get("/approvals").body()).contains("Nothing waits for you.");
      assertThat(visitor.get("/incidents").body()).contains("No incident yet");
      assertThat(visitor.get("/explore").body()).contains("No series yet");
    }
  }
}
