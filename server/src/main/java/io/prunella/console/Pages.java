package io.prunella.console;

import io.prunella.control.Desk;
import io.prunella.control.State;
import io.prunella.incident.Incident;
import io.prunella.remediation.Remediation;
import io.prunella.remediation.Status;
import io.prunella.runbook.Runbook;
import io.prunella.series.Labels;
import io.prunella.watch.Windows;
import io.prunella.watch.Windows.Window;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Every page that is only read. Runs on event loops; what blocks is handed to a worker. */
final class Pages {
  private static final int INCIDENTS_A_PAGE = 50;
  private static final Duration EXPLORE_SPAN = Duration.ofHours(1);

  record Incidents(
      IncidentQuery query,
      List<Incident> shown,
      int found,
      int page,
      int pages,
      List<String> services) {
    String link(int to) {
      var link = new StringBuilder("/incidents?page=" + to);
      if (!query.state().isEmpty()) link.append("&state=").append(url(query.state()));
      if (!query.service().isEmpty()) link.append("&service=").append(url(query.service()));
      if (!query.q().isEmpty()) link.append("&q=").append(url(query.q()));
      return link.toString();
    }
  }

  record Approvals(List<Remediation> waiting, List<Remediation> decided) {}

  record Explore(
      String series,
      String search,
      String service,
      @Nullable Chart chart,
      List<Window> found,
      List<String> services,
      String writeUrl) {}

  record Runbooks(
      List<Runbook> runbooks,
      List<String> problems,
      Map<String, Integer> worked,
      Map<String, Integer> tried) {}

  record OneRunbook(Runbook runbook, List<Remediation> runs, int worked, int tried) {}

  record Guardrails(State state, Map<String, String> limits, List<Attempts> attempts) {}

  /** How often an open incident was acted on. */
  record Attempts(String incident, String target, int made, String last) {}

  record StatusPage(Map<String, Map<String, String>> sections) {}

  record Login(String next, String message) {}

  private final ConsoleConfig config;
  private final Desk desk;
  private final Windows windows;
  private final ConsoleParts parts;
  private final View view;
  private final SeriesApi series;
  private final Charts charts;
  private final Sessions sessions;
  private final IntSupplier streams;

  Pages(
      ConsoleConfig config,
      Desk desk,
      Windows windows,
      ConsoleParts parts,
      View view,
      SeriesApi series,
      Charts charts,
      Sessions sessions,
      IntSupplier streams) {
    this.config = config;
    this.desk = desk;
    this.windows = windows;
    this.parts = parts;
    this.view = view;
    this.series = series;
    this.charts = charts;
    this.sessions = sessions;
    this.streams = streams;
  }

  static String url(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  void now(RoutingContext ctx) {
    Api.await(
        ctx,
        windows.services(),
        services ->
            view.show(
                ctx,
                200,
                "now",
                "Now",
                "now",
                NowPage.of(desk.state(), services, view.times(), writeUrl(), parts.extensions())));
  }

  private String writeUrl() {
    return config.externalUrl() + "/api/v1/write";
  }

  void incidents(RoutingContext ctx) {
    var query =
        IncidentQuery.of(
            Query.parameter(ctx, "state"),
            Query.parameter(ctx, "service"),
            Query.parameter(ctx, "q"));
    var found = query.newestFirst(desk.state());
    int pages = Math.max(1, (found.size() + INCIDENTS_A_PAGE - 1) / INCIDENTS_A_PAGE);
    int page = (int) Math.min(pages, Query.number(ctx, "page", 1, 1_000_000));
    var shown =
        found.stream().skip((page - 1L) * INCIDENTS_A_PAGE).limit(INCIDENTS_A_PAGE).toList();
    var services =
        desk.state().incidents().values().stream()
            .flatMap(i -> i.services().stream())
            .distinct()
            .sorted()
            .toList();
    view.show(
        ctx,
        200,
        "incidents",
        "Incidents",
        "incidents",
        new Incidents(query, shown, found.size(), page, pages, services));
  }

  void incident(RoutingContext ctx) {
    State state = desk.state();
    Incident incident = incidentOf(ctx, state);
    Api.await(
        ctx,
        charts.of(state, incident),
        there ->
            view.show(
                ctx,
                200,
                "incident",
                incident.id() + " " + incident.title(),
                "incidents",
                IncidentPage.of(state, incident, there, view.times())));
  }

  private static Incident incidentOf(RoutingContext ctx, State state) {
    String id = Access.part(ctx, "id").toUpperCase(Locale.ROOT);
    Incident incident = state.incidents().get(id);
    if (incident == null) throw Problem.unknown("incident", id);
    return incident;
  }

  void approvals(RoutingContext ctx) {
    var all =
        desk.state().remediations().values().stream().filter(r -> r.suggestion() != null).toList();
    var waiting =
        all.stream()
            .filter(Approval::waits)
            .sorted(Comparator.comparing(NowPage::expiresAt))
            .toList();
    var decided = all.reversed().stream().filter(r -> !Approval.waits(r)).limit(5).toList();
    view.show(ctx, 200, "approvals", "Approvals", "approvals", new Approvals(waiting, decided));
  }

  void approval(RoutingContext ctx) {
    approval(ctx, 200, "", null);
  }

  /** The decision page, also when it comes back with what was wrong. */
  void approval(RoutingContext ctx, int status, String note, @Nullable Problem problem) {
    State state = desk.state();
    Remediation one = suggestionOf(ctx, state);
    Incident incident = state.incidents().get(one.plan().incident());
    CompletableFuture<List<Chart>> drawn =
        incident == null
            ? CompletableFuture.completedFuture(List.of())
            : charts.of(state, incident);
    Api.await(
        ctx,
        drawn,
        there -> {
          var about =
              incident == null ? null : IncidentPage.of(state, incident, there, view.times());
          var page =
              ApprovalPage.of(
                  state,
                  one,
                  Objects.requireNonNull(one.suggestion()),
                  about,
                  sessions.secret().substring(32),
                  note,
                  problem);
          view.show(
              ctx,
              status,
              "approval",
              Say.title(one) + ", " + page.suggestion().id(),
              "approvals",
              page);
        });
  }

  /** The second question before a yes. */
  void confirm(RoutingContext ctx, String key, String note) {
    State state = desk.state();
    Remediation one = suggestionOf(ctx, state);
    var page =
        ApprovalPage.of(
            state, one, Objects.requireNonNull(one.suggestion()), null, key, note, null);
    view.show(ctx, 200, "confirm", "Really?", "approvals", page);
  }

  private static Remediation suggestionOf(RoutingContext ctx, State state) {
    String id = Access.part(ctx, "id").toUpperCase(Locale.ROOT);
    return state.suggestion(id).orElseThrow(() -> Problem.unknown("approval", id));
  }

  void explore(RoutingContext ctx) {
    String text = Query.parameter(ctx, "series");
    String search = Query.parameter(ctx, "search");
    String service = Query.parameter(ctx, "service");
    Optional<Labels> labels = SeriesName.parse(text);
    if (!text.isEmpty() && labels.isEmpty()) {
      throw Problem.bad("This is no series: " + text, text, "metric{label=\"value\",…}");
    }
    Instant to = SeriesApi.time(ctx, "to", view.times().now());
    Instant from = SeriesApi.time(ctx, "from", to.minus(EXPLORE_SPAN));
    CompletableFuture<List<Window>> one =
        labels.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : series.exactly(labels.get(), from, to);
    var found = series.find(service, search);
    var services = windows.services();
    Api.await(
        ctx,
        CompletableFuture.allOf(one, found, services),
        done -> {
          var chart = one.join().stream().findFirst().map(w -> Chart.of(w, List.of())).orElse(null);
          var names = services.join().keySet().stream().sorted().toList();
          view.show(
              ctx,
              200,
              "explore",
              "Explore",
              "explore",
              new Explore(text, search, service, chart, found.join(), names, writeUrl()));
        });
  }

  void runbooks(RoutingContext ctx) {
    var worked = new LinkedHashMap<String, Integer>();
    var tried = new LinkedHashMap<String, Integer>();
    for (Remediation one : desk.state().remediations().values()) {
      if (one.steps().isEmpty() || !one.status().isTerminal()) continue;
      tried.merge(one.plan().runbook(), 1, Integer::sum);
      worked.merge(one.plan().runbook(), one.status() == Status.SUCCEEDED ? 1 : 0, Integer::sum);
    }
    view.show(
        ctx,
        200,
        "runbooks",
        "Runbooks",
        "runbooks",
        new Runbooks(parts.runbooks().get(), parts.problems().get(), worked, tried));
  }

  void runbook(RoutingContext ctx) {
    String name = Access.part(ctx, "name");
    Runbook runbook =
        parts.runbooks().get().stream()
            .filter(r -> r.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Problem.unknown("runbook", name));
    var runs =
        desk.state().remediations().values().stream()
            .filter(r -> r.plan().runbook().equals(name))
            .toList()
            .reversed();
    var ran = runs.stream().filter(r -> !r.steps().isEmpty() && r.status().isTerminal()).toList();
    int worked = (int) ran.stream().filter(r -> r.status() == Status.SUCCEEDED).count();
    var page = new OneRunbook(runbook, runs.stream().limit(10).toList(), worked, ran.size());
    view.show(ctx, 200, "runbook", Say.words(name), "runbooks", page);
  }

  void guardrails(RoutingContext ctx) {
    State state = desk.state();
    var attempts =
        state.incidents().values().stream()
            .filter(i -> i.status() == Incident.Status.OPEN)
            .map(i -> attempts(state, i))
            .filter(a -> a.made() > 0)
            .toList();
    view.show(
        ctx,
        200,
        "guardrails",
        "Guardrails",
        "guardrails",
        new Guardrails(state, parts.limits().get(), attempts));
  }

  private static Attempts attempts(State state, Incident incident) {
    var acted =
        IncidentPage.remediationsOf(state, incident.id()).stream()
            .filter(r -> !r.steps().isEmpty())
            .toList();
    String target = acted.isEmpty() ? "" : acted.getLast().plan().target().service();
    return new Attempts(
        incident.id(),
        target,
        acted.size(),
        acted.isEmpty() ? "" : Say.status(acted.getLast().status()));
  }

  void status(RoutingContext ctx) {
    var sections = new LinkedHashMap<String, Map<String, String>>(parts.status().get());
    State state = desk.state();
    var console = new LinkedHashMap<String, String>();
    console.put("Sessions", sessions.size() + " of at most " + config.sessionsMax());
    console.put("Live streams", streams.getAsInt() + " of at most " + config.subscribersMax());
    console.put(
        "Charts",
        "of %d ended incidents, at most %d".formatted(charts.kept(), Charts.INCIDENTS_MAX));
    sections.put("Console", console);
    var journal = new LinkedHashMap<String, String>();
    journal.put("Facts", Numbers.plain(state.head()));
    journal.put("Last fact or tick", view.times().full(state.at()));
    journal.put("Writable", state.journalDown() == null ? "yes" : "no: " + state.journalDown());
    sections.put("Journal", journal);
    var control = new LinkedHashMap<String, String>();
    control.put("Incidents", Numbers.plain(state.incidents().size()));
    control.put("Remediations", Numbers.plain(state.remediations().size()));
    control.put("Stops in force", Numbers.plain(state.stops().size()));
    sections.put("Control", control);
    sections.put("Alarm budget", Say.budget(desk.budget()));
    view.show(ctx, 200, "status", "Status", "status", new StatusPage(sections));
  }
}
