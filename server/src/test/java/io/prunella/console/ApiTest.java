package io.prunella.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.control.Command;
import io.prunella.control.Stop;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The JSON API over real HTTP. */
class ApiTest {
  private static final String DECISIONS = "/approvals/APR-2841/decisions";

  @TempDir Path folder;
  private SampleServer server;
  private Browser client;

  @BeforeEach
  void open() {
    server = new SampleServer(SampleWorld.busy(), folder);
    client = new Browser(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> get(String path) {
    return client.api("GET", path, SampleServer.VIEWER, "");
  }

  private static JsonObject json(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    return new JsonObject(answer.body());
  }

  private static String decision(String what, String digest, String reason) {
    return new JsonObject()
        .put("decision", what)
        .put("planDigest", digest)
        .put("reason", reason)
        .put("idempotencyKey", "k1")
        .encode();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /status, viewer, 200",
    "GET, /incidents, viewer, 200",
    "GET, /incidents/INC-1093, viewer, 200",
    "GET, /incidents/INC-999999, viewer, 404",
    "GET, /approvals, viewer, 200",
    "GET, /approvals/APR-2841, viewer, 200",
    "GET, /approvals/APR-1, viewer, 404",
    "GET, /remediations, viewer, 200",
    "GET, /remediations/REM-2839, viewer, 200",
    "GET, /stops, viewer, 200",
    "GET, /audit, viewer, 200",
    "GET, /audit/verify, viewer, 200",
    "GET, /series, viewer, 200",
    "GET, /openapi.yaml, viewer, 200",
    "GET, /nowhere, viewer, 404",
    "GET, /incidents?state=odd, viewer, 400",
    "GET, /incidents?limit=0, viewer, 400",
    "GET, /incidents?limit=501, viewer, 400",
    "GET, /incidents?cursor=INC-0, viewer, 400",
    "GET, /series/window?series=up{, viewer, 400",
    "GET, /series/window?series=none, viewer, 404",
    "GET, /series/window?series=up&from=yesterday, viewer, 400",
    "POST, /stop, approver, 403",
    "POST, /resume, approver, 403",
    "POST, /deployments, viewer, 403",
    "POST, /approvals/APR-2841/decisions, viewer, 403",
    "POST, /remediations/REM-2839/review, approver, 403",
    "POST, /remediations/REM-2840/abort, approver, 403",
    "POST, /remediations/REM-2840/override, approver, 403",
    "POST, /incidents/INC-1093/takeover, approver, 403",
    "POST, /services/mail-relay/unfreeze, approver, 403",
    "GET, /status, nobody, 401",
    "POST, /stop, nobody, 401"
  })
  void routes_roleAndArguments_giveTheRightStatus(
      String method, String path, String who, int status) {
    String token =
        who.equals("viewer")
            ? SampleServer.VIEWER
            : who.equals("approver") ? SampleServer.APPROVER : "pru_wrong";
    var answer =
        client.api(method, path.replace("{", "%7B"), token, method.equals("POST") ? "{}" : "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    if (status >= 400) assertThat(json(answer).fieldNames()).contains("error", "message");
    if (status == 401) assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
    assertThat(server.world().lastAsked()).isNull();
  }

  @Test
  void contract_namesExactlyTheMountedRoutes() throws IOException {
    var wanted = new TreeSet<String>();
    try (var in = Api.class.getResourceAsStream("openapi.yaml")) {
      var root =
          (java.util.Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      var paths = (java.util.Map<?, ?>) java.util.Objects.requireNonNull(root.get("paths"));
      paths.forEach((path, methods) ->
          ((java.util.Map<?, ?>) methods).keySet().forEach(m -> wanted.add(m + " " + path)));
    }
    var mounted = new TreeSet<String>();
    var api =
        new Api(
            io.vertx.core.Vertx.vertx(),
            server.world(),
            new SeriesApi(SampleWindows.empty(), java.time.InstantSource.system()),
            new Trail(io.vertx.core.Vertx.vertx(), server.world()),
            java.time.InstantSource.system());
    api.routes()
        .forEach(r ->
            mounted.add(
                r.method().name().toLowerCase(java.util.Locale.ROOT)
                    + " "
                    + r.path().replaceAll(":(\\w+)", "{$1}")));
    assertThat(mounted).isEqualTo(wanted);
  }

  @Test
  void remediation_stepThatIsOut_saysWhatItHasSaidSoFarAndByWhenItAnswers() {
    server.world().put(SampleState.running());
    server.world().say(SampleState.RUNNING_KEY, "pod 7 of 12 is back");
    var steps = json(get("/remediations/REM-2850")).getJsonArray("steps");
    assertThat(steps.getJsonObject(0).getValue("soFar")).as("it is over").isNull();
    assertThat(steps.getJsonObject(0).getValue("answerBy")).isNull();
    assertThat(steps.getJsonObject(1).getString("soFar")).isEqualTo("pod 7 of 12 is back");
    assertThat(steps.getJsonObject(1).getString("answerBy"))
        .isEqualTo(SampleWorld.NOW.plusSeconds(70).toString());
    for (String path : new String[] {"/remediations?limit=500", "/incidents/INC-1093"})
      assertThat(get(path).body()).as(path).contains("pod 7 of 12 is back");
  }

  @Test
  void decide_approve_isOnRecordUnderTheTokensName() {
    var answer =
        client.api(
            "POST", DECISIONS, SampleServer.APPROVER, decision("approve", SampleState.DIGEST, ""));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(json(answer).getString("status")).isEqualTo("APPROVED");
    assertThat(server.world().lastAsked())
        .isEqualTo(new Command.Decide("APR-2841", "anna", true, SampleState.DIGEST, "", "k1"));
    assertThat(
            client
                .api(
                    "POST",
                    DECISIONS,
                    SampleServer.OPERATOR,
                    decision("approve", SampleState.DIGEST, ""))
                .statusCode())
        .isEqualTo(409);
  }

  @Test
  void decide_planHasChanged_is409() {
    server.world().changePlan("APR-2841", "f".repeat(64));
    var answer =
        client.api(
            "POST", DECISIONS, SampleServer.APPROVER, decision("approve", SampleState.DIGEST, ""));
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).getString("error")).isEqualTo("conflict");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"decision\":\"approve\",\"planDigest\":\"x\",\"idempotencyKey\":\"k\",\"force\":true} |"
            + " 400 | force",
        "{\"decision\":\"maybe\",\"planDigest\":\"x\",\"idempotencyKey\":\"k\"} | 400 | approve or"
            + " reject",
        "{\"decision\":\"reject\",\"planDigest\":\"x\",\"idempotencyKey\":\"k\"} | 422 | reason",
        "{\"decision\":\"approve\",\"idempotencyKey\":\"k\"} | 422 | planDigest",
        "{\"decision\":\"approve\",\"planDigest\":7,\"idempotencyKey\":\"k\"} | 400 | string",
        "{\"decision\":\"approve\",\"planDigest\":\"x\"} | 422 | idempotencyKey",
        "[1] | 400 | JSON object",
        "{nonsense | 400 | JSON object"
      })
  void decide_badBody_saysWhatWasSeenAndWanted(String body, int status, String said) {
    var answer = client.api("POST", DECISIONS, SampleServer.APPROVER, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).encode()).contains(said);
    assertThat(server.world().lastAsked()).isNull();
  }

  @Test
  void decide_expired_is410_unknown_is404() {
    String body = decision("approve", "x", "");
    assertThat(
            client
                .api("POST", "/approvals/APR-2838/decisions", SampleServer.APPROVER, body)
                .statusCode())
        .isEqualTo(410);
    assertThat(
            client
                .api("POST", "/approvals/APR-9/decisions", SampleServer.APPROVER, body)
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void post_bodyTooLarge_is413() {
    String body = "{\"reason\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(client.api("POST", "/stop", SampleServer.OPERATOR, body).statusCode())
        .isEqualTo(413);
  }

  @Test
  void status_alarmBudget_tellsWhatIsAskedForAndTheLevel() {
    var budget = json(get("/status")).getJsonObject("alarmBudget");
    assertThat(budget.getDouble("falseIncidentsPerWeek")).isEqualTo(0.5);
    assertThat(budget.getDouble("level")).isEqualTo(server.world().budget().level()).isPositive();
    assertThat(budget.getDouble("candidatesPerWeek")).isPositive();
    assertThat(budget.getDouble("candidates")).isEqualTo(server.world().budget().candidates());
    assertThat(budget.getDouble("weeks")).isEqualTo(0.5);
    assertThat(budget.getDouble("allowed")).isEqualTo(0.25);
    assertThat(budget.getDouble("reached")).isEqualTo(1);
  }

  @Test
  void stop_withSpan_thenResume() {
    String body =
        "{\"level\":\"halt\",\"scope\":\"service:cart-web\",\"reason\":\"drill\",\"for\":\"2h\"}";
    var answer = client.api("POST", "/stop", SampleServer.OPERATOR, body);
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(server.world().lastAsked())
        .isEqualTo(
            new Command.StopAutomation(
                "otto", Stop.Level.HALT, "service:cart-web", "drill", Duration.ofHours(2)));
    assertThat(json(get("/status")).getString("automation")).isEqualTo("stopped");
    String resume = "{\"stop\":\"STOP-1\",\"reason\":\"over\"}";
    assertThat(client.api("POST", "/resume", SampleServer.OPERATOR, resume).statusCode())
        .isEqualTo(200);
    assertThat(client.api("POST", "/resume", SampleServer.OPERATOR, resume).statusCode())
        .isEqualTo(404);
    assertThat(json(get("/stops")).getJsonArray("stops")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/stop | {\"level\":\"stop-new\",\"scope\":\"pod:x\",\"reason\":\"r\"} | 400",
        "/stop | {\"level\":\"stop-new\",\"reason\":\"r\",\"for\":\"soon\"} | 400",
        "/stop | {\"level\":\"stop-new\"} | 422",
        "/deployments | {\"deployment\":\"d\",\"service\":\"s\",\"status\":\"started\"} | 201",
        "/deployments | {\"deployment\":\"d\",\"service\":\"s\",\"status\":\"begun\"} | 400",
        "/remediations/REM-2839/review | {\"good\":true,\"note\":\"yes\"} | 201",
        "/remediations/REM-2839/review | {\"good\":\"yes\"} | 400",
        "/remediations/REM-9/review | {\"good\":true} | 404",
        "/remediations/REM-2841/abort | {\"reason\":\"wrong\"} | 202",
        "/remediations/REM-2841/abort | {} | 422",
        "/remediations/REM-2841/override | {\"planDigest\":\"d\",\"reason\":\"now\"} | 201",
        "/remediations/REM-2841/override | {\"planDigest\":\"d\"} | 422",
        "/remediations/REM-9/override | {\"planDigest\":\"d\",\"reason\":\"now\"} | 404",
        "/remediations/REM-2840/abort | {\"reason\":\"late\"} | 409",
        "/remediations/REM-9/abort | {\"reason\":\"none\"} | 404",
        "/incidents/INC-1093/takeover | {\"reason\":\"mine\"} | 201",
        "/incidents/INC-1093/takeover | {} | 422",
        "/services/mail-relay/unfreeze | {\"reason\":\"fixed\"} | 200",
        "/services/cart-web/unfreeze | {\"reason\":\"fixed\"} | 404"
      })
  void operator_posts_giveTheRightStatus(String path, String body, int status) {
    var answer = client.api("POST", path, SampleServer.OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @Test
  void incidents_pages_giveEachOnceNewestFirst() {
    var seen = new java.util.ArrayList<String>();
    String cursor = "";
    do {
      JsonObject page = json(get("/incidents?limit=10" + cursor));
      page.getJsonArray("incidents").forEach(i -> seen.add(((JsonObject) i).getString("id")));
      cursor = page.getString("cursor") == null ? "" : "&cursor=" + page.getString("cursor");
    } while (!cursor.isEmpty());
    assertThat(seen)
        .hasSize(33)
        .doesNotHaveDuplicates()
        .startsWith("INC-1093", "INC-1092", "INC-1091", "INC-30");
  }

  @ParameterizedTest
  @CsvSource({
    "state=open, 3",
    "state=resolved, 30",
    "service=log-store, 1",
    "q=DISK%20FILL, 1",
    "q=zzz, 0"
  })
  void incidents_filter_fits(String query, int found) {
    assertThat(json(get("/incidents?" + query)).getJsonArray("incidents")).hasSize(found);
  }

  @Test
  void audit_pagesAndFilters() {
    JsonObject first = json(get("/audit?limit=50&who=ada"));
    assertThat(first.getJsonArray("entries"))
        .hasSize(24)
        .allMatch(e -> ((JsonObject) e).getString("actor").equals("ada"));
    JsonObject page = json(get("/audit?limit=50"));
    assertThat(page.getLong("before")).isEqualTo(71);
    JsonObject next = json(get("/audit?limit=50&before=71"));
    assertThat(next.getJsonArray("entries").getJsonObject(0).getLong("seq")).isEqualTo(70);
  }

  @Test
  void audit_export_givesEveryFactInOrder() {
    for (int i = 0; i < 1_100; i++) server.world().seal("prunella", "tick", "{}");
    var answer = get("/audit?format=jsonl");
    var lines = answer.body().lines().map(JsonObject::new).toList();
    assertThat(lines).hasSize(1_220);
    for (int i = 0; i < lines.size(); i++) assertThat(lines.get(i).getLong("seq")).isEqualTo(i + 1);
    assertThat(lines.getFirst().getValue("body")).isInstanceOf(String.class);
  }

  @Test
  void window_seriesWithQuotes_isFoundAndCarriesItsBand() {
    JsonArray all = json(get("/series?service=checkout-api&search=P99")).getJsonArray("series");
    assertThat(all).hasSize(1);
    String name = all.getJsonObject(0).getString("series");
    JsonObject window =
        json(
            get(
                "/series/window?series="
                    + Pages.url(name)
                    + "&from=2026-03-04T02:44:22Z&to=2026-03-04T03:14:22Z"));
    assertThat(window.getJsonArray("samples")).hasSize(181);
    assertThat(window.getJsonArray("samples").getJsonArray(0)).hasSize(4);
  }

  @Test
  void session_mayReadTheApiButNotWrite() {
    client.login(SampleServer.ADMIN);
    assertThat(client.get("/api/v1/status").statusCode()).isEqualTo(200);
    assertThat(client.form("/api/v1/stop", "level", "halt").statusCode()).isEqualTo(401);
  }

  @Test
  void token_wrongTooOften_is429() {
    for (int i = 0; i < 10; i++)
      assertThat(client.api("GET", "/status", "pru_no", "").statusCode()).isIn(401, 429);
    var answer = client.api("GET", "/status", "pru_no", "");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }
}
