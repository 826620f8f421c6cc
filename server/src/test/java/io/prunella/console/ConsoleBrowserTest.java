package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console in a real browser: what people do, what it looks like, who can use it. Pictures:
 * target/screenshots.
 */
class ConsoleBrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target/screenshots");
  private static @Nullable Playwright playwright;
  private static @Nullable Browser browser;

  @TempDir Path folder;
  private SampleServer server;
  private BrowserContext context;
  private Page page;
  private final List<String> complaints = new ArrayList<>();

  @BeforeAll
  static void startBrowser() {
    boolean there = Files.isExecutable(CHROMIUM);
    if (!there && "required".equals(System.getenv("PRUNELLA_PEERS"))) {
      throw new AssertionError(CHROMIUM + " is not there, and PRUNELLA_PEERS=required");
    }
    assumeTrue(there, CHROMIUM + " is not there: apt-get install chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void stopBrowser() {
    if (playwright != null) playwright.close();
  }

  @BeforeEach
  void open() {
    server = new SampleServer(SampleWorld.busy(), folder);
    use(1440, 1000, ColorScheme.LIGHT, true);
  }

  @AfterEach
  void close() {
    context.close();
    server.close();
    assertThat(complaints).as("console errors and violated policies").isEmpty();
  }

  private void use(int width, int height, ColorScheme scheme, boolean scripts) {
    if (context != null) context.close();
    context =
        java.util.Objects.requireNonNull(browser)
            .newContext(
                new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setColorScheme(scheme)
                    .setJavaScriptEnabled(scripts)
                    .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    page = context.newPage();
    page.setDefaultTimeout(15_000);
    page.onPageError(error -> complaints.add(error));
    page.onConsoleMessage(message -> {
      boolean refused =
          message
              .text()
              .startsWith("Failed to load resource: the server responded with a status of 4");
      if (message.type().equals("error") && !refused) complaints.add(message.text());
    });
  }

  private void login(String token) {
    page.navigate(server.url() + "/login");
    page.fill("input[name=token]", token);
    page.click("button[type=submit]");
    page.waitForURL(server.url() + "/");
  }

  private void shoot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }

  @ParameterizedTest
  @CsvSource({"light, LIGHT, 1440, 1000", "dark, DARK, 1440, 1000", "phone, DARK, 390, 844"})
  void pages_everyOne_isAccessibleAndHasItsPicture(
      String name, ColorScheme scheme, int width, int height) {
    use(width, height, scheme, true);
    server.world().put(SampleState.running());
    server.world().say(SampleState.RUNNING_KEY, "pod 7 of 12 is back\n".repeat(30));
    login(SampleServer.ADMIN);
    var pages =
        Map.of(
            "now", "/",
            "incidents", "/incidents",
            "incident", "/incidents/INC-1093",
            "approvals", "/approvals",
            "approval", "/approvals/APR-2841",
            "explore", "/explore?service=checkout-api",
            "runbook", "/runbooks/roll-back-deploy",
            "guardrails", "/guardrails",
            "audit", "/audit",
            "status", "/status");
    pages.forEach((which, path) -> {
      page.navigate(server.url() + path);
      if (which.equals("incident") || which.equals("approval"))
        page.waitForSelector(".chart canvas");
      shoot(which + "-" + name);
      var grave =
          new AxeBuilder(page)
              .analyze().getViolations().stream()
                  .filter(v -> List.of("serious", "critical").contains(v.getImpact()))
                  .map(
                      v -> v.getId() + ": " + v.getHelp() + " " + v.getNodes().getFirst().getHtml())
                  .toList();
      assertThat(grave).as("axe on %s, %s", path, name).isEmpty();
      Object overflow =
          page.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(((Number) overflow).intValue())
          .as("sideways scrolling of %s, %s", path, name)
          .isZero();
    });
  }

  @Test
  void login_tokenInFragment_fillsTheFormAndLeavesTheAddress() {
    page.navigate(server.url() + "/login#token=" + SampleServer.VIEWER);
    page.waitForFunction("document.querySelector('input[name=token]').value.length > 0");
    assertThat(page.inputValue("input[name=token]")).isEqualTo(SampleServer.VIEWER);
    assertThat(page.url()).doesNotContain("token");
    shoot("login-light");
    page.click("button[type=submit]");
    page.waitForURL(server.url() + "/");
    assertThat(page.locator("h1").innerText()).contains("decision waits");
  }

  @Test
  void approve_byKey_asksOnceMoreWithFocusOnNotYet_thenDecides() {
    use(1440, 1000, ColorScheme.DARK, true);
    login(SampleServer.APPROVER);
    page.navigate(server.url() + "/approvals/APR-2841");
    page.waitForSelector("html.scripts");
    page.keyboard().press("a");
    page.waitForSelector("dialog[open]");
    assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Not yet");
    shoot("confirm-dark");
    page.keyboard().press("Enter");
    page.waitForSelector(
        "dialog[open]",
        new Page.WaitForSelectorOptions()
            .setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
    assertThat(server.world().lastAsked()).as("Not yet decides nothing").isNull();
    page.fill("textarea[name=reason] >> nth=0", "looks right");
    page.click("button[value=approve]");
    page.click("text=Yes, run it");
    page.waitForSelector(".banner.said");
    var one = server.world().state().suggestion("APR-2841").orElseThrow();
    var decisions = java.util.Objects.requireNonNull(one.suggestion()).decisions();
    assertThat(decisions).extracting(d -> d.actor()).containsExactly("grace", "anna");
    assertThat(decisions.getLast().reason()).isEqualTo("looks right");
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject"})
  void decide_withoutScripts_works(String decision) {
    use(1440, 1000, ColorScheme.LIGHT, false);
    login(SampleServer.APPROVER);
    page.navigate(server.url() + "/approvals/APR-2841");
    page.fill(".decision textarea", "because");
    page.click("button[value=" + decision + "]");
    if (decision.equals("approve")) {
      shoot("confirm-noscript");
      page.click("text=Yes, run it");
    }
    assertThat(page.locator(".banner.said").innerText()).contains("on record");
    assertThat(server.world().state().suggestion("APR-2841").orElseThrow().status().name())
        .isEqualTo(decision.equals("approve") ? "APPROVED" : "REJECTED");
  }

  @Test
  void stop_byShiftK_thenResume() {
    login(SampleServer.OPERATOR);
    page.waitForSelector("html.scripts");
    page.keyboard().press("Shift+K");
    page.keyboard().type("bad numbers");
    shoot("stop-light");
    page.click(".stop-menu button[type=submit]");
    page.waitForSelector(".banner.stopped");
    assertThat(page.locator(".banner.stopped").innerText())
        .contains("all automation")
        .contains("bad numbers")
        .contains("otto");
    shoot("stopped-light");
    page.click(".banner.stopped summary");
    page.fill(".banner.stopped textarea", "numbers are right again");
    page.click(".banner.stopped button[type=submit]");
    page.waitForSelector(".banner.said");
    assertThat(server.world().state().stops()).isEmpty();
  }

  @Test
  void keys_goAndMove() {
    login(SampleServer.VIEWER);
    page.waitForSelector("html.scripts");
    page.keyboard().press("g");
    page.keyboard().press("i");
    page.waitForURL(server.url() + "/incidents");
    page.waitForSelector("html.scripts");
    page.keyboard().press("j");
    page.keyboard().press("j");
    page.keyboard().press("Enter");
    page.waitForURL(server.url() + "/incidents/INC-1092");
    page.waitForSelector("html.scripts");
    page.keyboard().press("?");
    page.waitForSelector("#help[open]");
  }

  @Test
  void live_decisionElsewhere_changesThePageWithoutReload() {
    login(SampleServer.VIEWER);
    page.navigate(server.url() + "/approvals/APR-2841");
    page.waitForSelector(".stream[data-stream=on]");
    page.evaluate("window.stayed = true");
    server
        .world()
        .ask(
            new io.prunella.control.Command.Decide(
                "APR-2841", "anna", false, SampleState.DIGEST, "wrong window", "k1"));
    page.waitForSelector("text=wrong window");
    assertThat(page.evaluate("window.stayed")).isEqualTo(true);
  }

  @Test
  void live_noteBeingWritten_isKept() {
    login(SampleServer.APPROVER);
    page.navigate(server.url() + "/approvals/APR-2841");
    page.waitForSelector(".stream[data-stream=on]");
    page.fill(".decision textarea", "half a thou");
    server
        .world()
        .ask(
            new io.prunella.control.Command.StopAutomation(
                "otto", io.prunella.control.Stop.Level.HALT, "all", "drill", null));
    page.waitForSelector(".banner.stopped");
    assertThat(page.inputValue(".decision textarea")).isEqualTo("half a thou");
  }

  /** Also while somebody writes why it is to be aborted, and whatever its words look like. */
  @Test
  void live_stepSaysMore_isShownWithoutReload() {
    server.world().put(SampleState.running());
    login(SampleServer.OPERATOR);
    page.navigate(server.url() + "/incidents/INC-1093");
    page.waitForSelector(".stream[data-stream=on]");
    server.world().say(SampleState.RUNNING_KEY, "pulling <script>1</script> javascript: onx='y'");
    page.waitForSelector(".so-far >> text=pulling <script>1</script> javascript: onx='y'");
    page.click("summary >> text=Abort it");
    page.fill("[data-live=REM-2850] input[name=reason]", "half a thou");
    server.world().say(SampleState.RUNNING_KEY, "it is pulled");
    page.waitForSelector(".so-far >> text=it is pulled");
    assertThat(page.inputValue("[data-live=REM-2850] input[name=reason]")).isEqualTo("half a thou");
  }

  @Test
  void theme_toggle_staysOverPages() {
    login(SampleServer.VIEWER);
    page.click("[data-theme-toggle]");
    page.navigate(server.url() + "/status");
    assertThat(page.getAttribute("html", "data-theme")).isEqualTo("dark");
  }
}
