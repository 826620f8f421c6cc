package io.prunella.server;

import io.prunella.console.Console;
import io.prunella.console.ConsoleExtension;
import io.prunella.console.ConsoleParts;
import io.prunella.console.Tokens;
import io.prunella.control.Command;
import io.prunella.control.Control;
import io.prunella.control.ControlConfig;
import io.prunella.control.Desk;
import io.prunella.incident.Grouping;
import io.prunella.incident.Symptoms;
import io.prunella.ingest.MetadataBook;
import io.prunella.ingest.RemoteWrite;
import io.prunella.journal.SqliteJournal;
import io.prunella.notify.Notifiers;
import io.prunella.remediation.Action;
import io.prunella.remediation.Outlook;
import io.prunella.remediation.Situation.Closed;
import io.prunella.runbook.ExpressionConfig;
import io.prunella.runbook.Expressions;
import io.prunella.runbook.RunbookCatalogue;
import io.prunella.series.Fingerprint;
import io.prunella.watch.Watch;
import io.prunella.watch.Windows;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The roof: everything wired from the ground up in one straight run, and closed in reverse. Time
 * comes from outside: either {@link #runByWall} ticks once a second, or whoever holds the clock
 * calls {@link #settle}.
 */
public final class Server implements AutoCloseable {
  /** So long at most a full disk or a failed check waits for somebody to look between the ticks. */
  private static final Duration GLANCE_EVERY = Duration.ofMillis(100);

  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(15);
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  private final Owned owned = new Owned();
  private final InstantSource clock;
  private final Watch watch;
  private final CheckpointKeeper checkpoints;
  private final BudgetKeeper budgets;
  private final Control control;
  private final Silence silence;
  private final Calendars calendars;
  private final RunbookShelf runbooks;
  private final Sight sight = new Sight();
  private final HttpServer http;
  private final Optional<String> firstToken;

  /**
   * What a server is made of besides its configuration.
   *
   * @param storage the data folder; made when it is not there
   * @param file the configuration and where it stands
   * @param clock the time of the world that is watched
   * @param actions besides the ones that ship
   * @param runbooks besides the shipped ones and the operator's: name to text
   * @param extensions cards for the console
   * @param writeToken what senders must show; in place of the configured file
   */
  public record Setting(
      Path storage,
      ConfigFile file,
      InstantSource clock,
      List<Action> actions,
      Map<String, String> runbooks,
      List<ConsoleExtension> extensions,
      Optional<String> writeToken) {
    /** A server by the wall's clock with nothing but what is configured. */
    public static Setting of(Path storage, ConfigFile file) {
      return new Setting(
          storage, file, InstantSource.system(), List.of(), Map.of(), List.of(), Optional.empty());
    }
  }

  // Long because: wiring is one straight run, and each line needs the locals above it.
  public Server(Setting setting) {
    this.clock = setting.clock();
    Config config = setting.file().config();
    Path folder = setting.file().folder();
    try {
      var journal = owned.add(SqliteJournal.open(setting.storage()));
      var catalogue = setting.file().catalogue();
      var patterns = Books.patterns(config, folder);
      var targets = Books.targets(config);
      var expressions = new Expressions(ExpressionConfig.DEFAULTS);
      Map<String, Action> actions = Hands.of(config.actions(), setting.actions());
      this.runbooks =
          new RunbookShelf(
              config.runbooks(),
              folder,
              setting.runbooks(),
              expressions,
              actions,
              config.bounds(),
              clock);
      var notifiers =
          Notifiers.of(
              config.notifications(),
              folder,
              config.console().externalUrl(),
              InstantSource.system());
      var door = new Door();
      this.calendars = owned.add(new Calendars(config.guardrails().calendars(), folder, clock));
      var fingerprint = new Fingerprint(new SecureRandom().nextLong());
      var metadata = new MetadataBook(config.ingest().metadataMax());
      var judge = ModelShelf.opening(config.models(), folder);
      this.watch =
          owned.add(
              new Watch(
                  config.watch(),
                  config.detection(),
                  judge,
                  fingerprint,
                  catalogue,
                  metadata::typeOf,
                  anomaly -> door.submit(new Command.SymptomSeen(Symptoms.of(anomaly))),
                  change -> door.submit(new Command.ChangeNoticed(change))));
      this.checkpoints =
          owned.add(
              new CheckpointKeeper(
                  watch, setting.storage(), CHECKPOINT_EVERY, InstantSource.system()));
      var learnt = BudgetKeeper.read(setting.storage(), config.detection().falseIncidentsPerWeek());
      this.control =
          owned.add(
              new Control(
                  journal,
                  ControlConfig.of(config.guardrails()),
                  new Grouping(config.incidents(), learnt),
                  patterns,
                  runbooks::catalogue,
                  targets,
                  expressions,
                  actions,
                  new SignalReader(watch),
                  notifiers,
                  clock,
                  watch::topology,
                  outlook()));
      this.budgets = owned.add(new BudgetKeeper(setting.storage(), control::budget));
      door.open(control);
      var tokens = Tokens.open(setting.storage().resolve("tokens.yml"));
      this.firstToken = tokens.firstAdmin(new SecureRandom());
      var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
      owned.add(() -> vertx.close().await());
      var metrics = new SelfMetrics(vertx, watch, control, clock);
      var parts =
          new ConsoleParts(
              () -> runbooks.catalogue().all(),
              () -> Limits.of(config.guardrails()),
              () -> Map.of("Data plane", Limits.of(watch.figures(), watch.jury())),
              setting.extensions(),
              runbooks::problems,
              runbooks::reload);
      var console =
          owned.add(
              new Console(
                  vertx,
                  config.console(),
                  control,
                  watch,
                  tokens,
                  clock,
                  InstantSource.system(),
                  new SecureRandom(),
                  setting.storage().resolve("charts"),
                  parts));
      var router = Router.router(vertx);
      new Health(control).mount(router);
      metrics.mount(router);
      var remoteWrite =
          new RemoteWrite(
              vertx,
              config.ingest(),
              fingerprint,
              watch,
              metadata,
              clock,
              new Random(),
              WriteToken.of(setting.writeToken(), config.web(), folder));
      this.silence =
          new Silence(remoteWrite.figures(), clock, config.ingest().senders().silentMs());
      var connections = new Connections(vertx, config.web());
      new IngestMetrics(metrics.registry(), remoteWrite, silence);
      metrics.connections(connections);
      metrics.runbooks(runbooks);
      metrics.budget(control::budget);
      remoteWrite.mount(router);
      console.mount(router);
      remoteWrite.onClosed(connections::closed);
      this.http =
          vertx
              .createHttpServer(Health.options())
              .connectionHandler(connection -> {
                connections.opened(connection);
                remoteWrite.opened(connection);
              })
              .requestHandler(request -> {
                connections.asked(request.connection());
                router.handle(request);
              });
      http.listen(config.web().port(), config.web().host()).await();
      owned.add(
          () -> http.shutdown(STOP_MAX.toSeconds(), java.util.concurrent.TimeUnit.SECONDS).await());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The port that is listened on. */
  public int port() {
    return http.actualPort();
  }

  /** The first admin's token when this start has made it. */
  public Optional<String> firstToken() {
    return firstToken;
  }

  /**
   * Reads the runbooks again; what cannot be read stays as it was.
   *
   * @return what is wrong; empty when all was read
   */
  public List<String> reload() {
    return runbooks.reload();
  }

  /** The runbooks in force. */
  RunbookCatalogue runbooks() {
    return runbooks.catalogue();
  }

  public Desk desk() {
    return control;
  }

  public Windows windows() {
    return watch;
  }

  /** Runs by the wall: control on a thread of its own, and a tick a second. */
  public void runByWall() {
    control.start();
    owned.add(new Ticker("ticker", this::tick));
    owned.add(new Ticker("glance", GLANCE_EVERY, () -> watch.glance(clock.millis())));
    owned.add(new Ticker("calendars", calendars::tick)); // a slow one must hold up nothing else
    // Writing many series takes seconds, and the ticks must not wait for it.
    owned.add(new Ticker("checkpoint", () -> keep(clock.instant())));
  }

  /**
   * Brings everything up to a moment: all samples scored, all facts decided, all effects at rest.
   * One thread.
   */
  public void settle(Instant now) {
    watch.settle(now.toEpochMilli());
    sight.tick(now, watch.figures().samples());
    calendars.tick();
    control.settle(now);
    keep(now);
  }

  private void keep(Instant now) {
    checkpoints.tick(now);
    budgets.tick(now);
  }

  private Outlook outlook() {
    return new Outlook() {
      @Override
      public List<Closed> closedAt(Instant now) {
        return calendars.closedAt(now);
      }

      @Override
      public List<Closed> closedAt(Instant now, String calendar) {
        var closed = calendars.closedAt(now, calendar);
        return closed != null ? closed : Outlook.super.closedAt(now, calendar);
      }

      @Override
      public @Nullable String blind() {
        return sight.blind();
      }
    };
  }

  private void tick() {
    Instant now = clock.instant();
    watch.tick(now.toEpochMilli());
    silence.tick();
    sight.tick(now, watch.figures().samples());
    control.submit(new Command.Tick(now));
  }

  @Override
  public void close() {
    owned.close();
  }
}
