package io.prunella.console;

import io.prunella.watch.Windows;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real console over HTTP on a free port, over a made-up world. Its main is for looking at pages
 * by hand.
 */
public final class SampleServer implements AutoCloseable {
  public static final String ADMIN = "pru_admin-admin-admin";
  public static final String OPERATOR = "pru_operator-operator";
  public static final String APPROVER = "pru_approver-approver";
  public static final String VIEWER = "pru_viewer-viewer-viewer";

  private final Vertx vertx = Vertx.vertx();
  private final Console console;
  private final HttpServer server;
  private final SampleWorld world;

  public SampleServer(SampleWorld world, Path folder) {
    this(world, SampleWindows.busy(), folder, ConsoleConfig.DEFAULTS, InstantSource.system(), 0);
  }

  SampleServer(
      SampleWorld world,
      Windows windows,
      Path folder,
      ConsoleConfig config,
      InstantSource wall,
      int port) {
    this.world = world;
    var tokens = Tokens.open(folder.resolve("tokens.yml"));
    if (tokens.list().isEmpty()) {
      tokens.addKnown("ada", Role.ADMIN, ADMIN);
      tokens.addKnown("otto", Role.OPERATOR, OPERATOR);
      tokens.addKnown("anna", Role.APPROVER, APPROVER);
      tokens.addKnown("vera", Role.VIEWER, VIEWER);
    }
    var parts =
        new ConsoleParts(
            SampleState::runbooks,
            () -> Map.of("Attempts per incident", "3", "Scale-out per action", "25 %"),
            () -> Map.of("Build", Map.of("Version", "development")),
            List.of(new Faults()));
    console =
        new Console(
            vertx,
            config,
            world,
            windows,
            tokens,
            InstantSource.fixed(SampleWorld.NOW),
            wall,
            new Random(7),
            folder.resolve("charts"),
            parts);
    var router = Router.router(vertx);
    console.mount(router);
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(router)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public SampleWorld world() {
    return world;
  }

  @Override
  public void close() {
    console.close();
    await(vertx.close().toCompletionStage().toCompletableFuture());
  }

  static <T> T await(CompletableFuture<T> value) {
    try {
      return value.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer within 20 s", e);
    }
  }

  /** As the demo brings along. */
  private static final class Faults implements ConsoleExtension {
    @Override
    public String id() {
      return "faults";
    }

    @Override
    public String title() {
      return "Cause a fault";
    }

    @Override
    public String what() {
      return "The simulated fleet obeys at once; watch what happens.";
    }

    @Override
    public List<Button> buttons() {
      return List.of(
          new Button("bad-deploy", "Bad deploy", "checkout-api gets a version that fails"),
          new Button("disk", "Fill a disk", "log-store stops rotating"));
    }

    @Override
    public CompletableFuture<String> press(String button, String actor) {
      return button.equals("disk")
          ? CompletableFuture.failedFuture(new IllegalStateException("the disk is full already"))
          : CompletableFuture.completedFuture("Caused: " + button);
    }
  }

  /**
   * Serves until it is ended; token {@value #ADMIN}. Arguments: port, and {@code empty} for a world
   * without anything.
   */
  public static void main(String[] args) throws IOException {
    boolean empty = args.length > 1 && args[1].equals("empty");
    var server =
        new SampleServer(
            empty ? SampleWorld.empty() : SampleWorld.busy(),
            empty ? SampleWindows.empty() : SampleWindows.busy(),
            Files.createTempDirectory("console"),
            ConsoleConfig.DEFAULTS,
            InstantSource.system(),
            Integer.parseInt(args[0]));
    System.out.println(server.url() + "/login#token=" + ADMIN);
  }
}
