package io.prunella.server;

import io.prunella.ingest.MetadataBook;
import io.prunella.ingest.RemoteWrite;
import io.prunella.journal.SqliteJournal;
import io.prunella.series.Fingerprint;
import io.prunella.watch.Watch;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;

/**
 * Warms the detectors of a storage folder with samples of the past: the door and the watch of a
 * server without what acts. What is odd in the past opens no incident and repairs nothing; only
 * what was learnt is kept, for the server that starts next. The folder is held meanwhile. One
 * thread.
 */
public final class Backfill implements AutoCloseable {
  private final Owned owned = new Owned();
  private final Path checkpoint;
  private final Watch watch;
  private final String token;
  private final URI writeTo;
  private final Instant upTo;

  /**
   * @param storage the data folder; made when it is not there
   * @throws IllegalStateException when a server uses the folder
   */
  public Backfill(Path storage, ConfigFile file) throws IOException {
    Config config = file.config();
    try {
      owned.add(SqliteJournal.open(storage)); // nothing is written to it: it holds the folder
      var random = new SecureRandom();
      var fingerprint = new Fingerprint(random.nextLong());
      var metadata = new MetadataBook(config.ingest().metadataMax());
      watch =
          owned.add(
              new Watch(
                  config.watch(),
                  config.detection(),
                  fingerprint,
                  file.catalogue(),
                  metadata::typeOf,
                  _ -> {},
                  _ -> {}));
      checkpoint = CheckpointKeeper.file(storage);
      upTo = Instant.ofEpochMilli(watch.restore(checkpoint).atMs());
      var vertx = Vertx.vertx();
      owned.add(() -> vertx.close().await());
      var secret = new byte[16];
      random.nextBytes(secret);
      token = HexFormat.of().formatHex(secret);
      var router = Router.router(vertx);
      new RemoteWrite(
              vertx,
              config.ingest(),
              fingerprint,
              watch,
              metadata,
              InstantSource.system(),
              new Random(),
              WriteToken.of(Optional.of(token), config.web(), file.folder()))
          .mount(router);
      var http = vertx.createHttpServer(new HttpServerOptions()).requestHandler(router);
      http.listen(0, "127.0.0.1").await();
      writeTo = URI.create("http://127.0.0.1:%d%s".formatted(http.actualPort(), RemoteWrite.PATH));
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Where samples are to be sent, as remote write. */
  public URI writeTo() {
    return writeTo;
  }

  /** The bearer token that the door wants. */
  public String token() {
    return token;
  }

  /** What the folder's detectors know already: all before this; the epoch when nothing. */
  public Instant upTo() {
    return upTo;
  }

  /** Brings all series to a moment: no sample before it is to come any more. */
  public void settle(Instant now) {
    watch.settle(now.toEpochMilli());
  }

  /**
   * Keeps what was learnt up to the moment that was settled last. The time until the server hears
   * of a series for the first time is not its silence.
   */
  public void keep(Instant settled) throws IOException {
    watch.pause();
    watch.checkpoint(checkpoint, settled.toEpochMilli());
  }

  /** Series that are there. */
  public long series() {
    return watch.figures().series();
  }

  @Override
  public void close() {
    owned.close();
  }
}
