package io.prunella.ingest;

import io.prunella.series.BlockSink;
import io.prunella.series.Fingerprint;
import io.prunella.series.Refusal;
import io.prunella.series.Tally;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes remote write 1.0 and 2.0 over HTTP. The status tells the truth: 204 when every sample is in
 * its row, 400 when the sender's data are at fault and what could be taken was, 503 with
 * Retry-After when there is no room now, 5xx for our own faults; sending the same request again
 * changes nothing.
 *
 * <p>Any event loop may call; each request stays on its own.
 *
 * @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">Remote write 1.0</a>
 * @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/">Remote write 2.0</a>
 */
public final class RemoteWrite {
  /** Where senders write to by habit. */
  public static final String PATH = "/api/v1/write";

  private static final Logger LOG = LoggerFactory.getLogger(RemoteWrite.class);
  private static final int UNKNOWN_LENGTH_BYTES = 64 << 10;

  private final Vertx vertx;
  private final IngestConfig config;
  private final BlockSink sink;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Predicate<HttpServerRequest> mayWrite;
  private final Fingerprint fingerprint;
  private final Known known;
  private final LabelCheck check;
  private final MetadataBook metadata;
  private final IngestFigures figures = new IngestFigures();
  private final Senders senders;
  private final ArrayBlockingQueue<Exchange> spare = new ArrayBlockingQueue<>(64);
  final Chunks chunks = new Chunks(64);

  /**
   * @param fingerprint the same that {@code sink} uses
   * @param clock says what is too far in the future
   * @param random spreads senders that are told to come back; shared by event loops
   * @param mayWrite whether a request's sender may write; looked at before anything else
   */
  public RemoteWrite(
      Vertx vertx,
      IngestConfig config,
      Fingerprint fingerprint,
      BlockSink sink,
      MetadataBook metadata,
      InstantSource clock,
      RandomGenerator random,
      Predicate<HttpServerRequest> mayWrite) {
    this.vertx = vertx;
    this.config = config;
    this.fingerprint = fingerprint;
    this.sink = sink;
    this.metadata = metadata;
    this.clock = clock;
    this.random = random;
    this.mayWrite = mayWrite;
    known = new Known(config.knownMax());
    check = new LabelCheck(config);
    senders = new Senders(config.senders(), sink::seriesOf);
  }

  /** Takes POSTs to {@link #PATH}; before any handler that would read bodies. */
  public void mount(Router router) {
    router.post(PATH).handler(this::handle);
  }

  /** Serves a connection that has been opened; without it all works, with more garbage. */
  public void opened(HttpConnection connection) {
    chunks.serve(connection);
  }

  /** Hears of the end of connections that have written: their close handler is taken here. */
  public void onClosed(Consumer<HttpConnection> also) {
    senders.onClosed(also);
  }

  public IngestFigures figures() {
    return figures;
  }

  /** Who writes, and who wants too much. */
  public SenderFigures senders() {
    return senders.figures();
  }

  /** Native histograms that had no quantiles for want of room, since the start. */
  public long histogramsWithoutQuantiles() {
    return check.histograms().without();
  }

  /** Which replica of each cluster is heard. */
  public List<Election> elections() {
    return check.replicas().elections();
  }

  private void handle(RoutingContext routing) {
    HttpServerRequest http = routing.request();
    figures.requests.increment();
    if (http.getHeader("Retry-Attempt") != null) figures.retries.increment();
    var call = new Call(http);
    if (!mayWrite.test(http)) {
      http.response().putHeader("WWW-Authenticate", "Bearer");
      call.refuse(401, "A token is wanted that may write: Authorization: Bearer ...");
      return;
    }
    call.sender = senders.of(http.connection(), Head.address(http), clock.millis());
    if (call.sender == null) {
      call.tooManyConnections();
      return;
    }
    Negotiation version = Negotiation.of(http.getHeader("Content-Type"));
    String unsupported = version.whyNot(http);
    if (unsupported != null) {
      call.refuse(415, unsupported);
      return;
    }
    call.version = version;
    if (version == Negotiation.V2) figures.requestsV2.increment();
    long length = Head.length(http);
    if (length > config.requestBytesMax()) {
      call.tooLarge(length);
    } else {
      call.begin(
          length < 0 ? Math.min(UNKNOWN_LENGTH_BYTES, config.requestBytesMax()) : (int) length);
    }
  }

  /** One request from its headers to its answer; on its event loop. */
  private final class Call {
    private final HttpServerRequest http;
    private final Context context = vertx.getOrCreateContext();
    private Negotiation version = Negotiation.V1;
    private final long beganNanos = System.nanoTime();
    private Senders.@Nullable Sender sender;
    private @Nullable Exchange exchange;
    private long offeredNanos;
    private long reserved;
    private long timer = -1;
    private boolean isAnswered;
    private boolean isOffered;

    Call(HttpServerRequest http) {
      this.http = http;
    }

    void begin(int expectedBytes) {
      if (!reserve(expectedBytes)) {
        overloaded("%d bytes are in flight".formatted(figures.inFlightBytes()));
        return;
      }
      Exchange pooled = spare.poll();
      if (pooled == null) pooled = new Exchange(fingerprint, known, check, metadata);
      exchange = pooled;
      pooled.begin(expectedBytes);
      timer = vertx.setTimer(config.bodyMsMax(), _ -> bodyTooSlow());
      http.exceptionHandler(_ -> giveUp());
      http.handler(this::chunk);
      http.endHandler(_ -> bodyIsHere());
    }

    private boolean reserve(long bytes) {
      Senders.Sender of = sender;
      if (of == null || !senders.reserve(of, bytes)) return false;
      if (figures.inFlightBytes.addAndGet(bytes) > config.inFlightBytesMax()) {
        figures.inFlightBytes.addAndGet(-bytes);
        of.inFlightBytes.addAndGet(-bytes);
        return false;
      }
      reserved += bytes;
      return true;
    }

    private void chunk(Buffer chunk) {
      Exchange to = exchange;
      if (isAnswered || to == null) return; // the rest of a body that was refused
      int count = to.compressedCount() + chunk.length();
      if (count > config.requestBytesMax()) {
        tooLarge(count);
      } else if (count > reserved && !reserve(Math.max(count - reserved, reserved))) {
        overloaded("%d bytes are in flight".formatted(figures.inFlightBytes()));
      } else {
        to.add(chunk);
        chunks.give(chunk);
      }
    }

    private void bodyTooSlow() {
      timer = -1;
      if (isAnswered) return;
      exceeded(Excess.SLOW, 1);
      refuse(408, "the body took more than %d ms to come".formatted(config.bodyMsMax()));
      http.connection().close();
    }

    /**
     * The connection is gone. Shards that have the samples keep them: release comes with their
     * report.
     */
    private void giveUp() {
      isAnswered = true;
      if (!isOffered) release();
    }

    private void bodyIsHere() {
      Exchange of = exchange;
      if (isAnswered || of == null) return;
      cancelTimer();
      int declared = of.declaredLength();
      figures.compressedBytes.add(of.compressedCount());
      if (declared < 0) {
        refuse(400, "the body is not a snappy block: it does not begin with a length");
        return;
      }
      if (declared > config.decodedBytesMax()) {
        tooLarge(declared);
        return;
      }
      if (!reserve(declared)) {
        overloaded("%d bytes are in flight".formatted(figures.inFlightBytes()));
        return;
      }
      figures.decodedBytes.add(declared);
      Request request = of.request;
      request.bound(config, declared, clock.millis());
      Senders.Sender from = sender;
      request.sender = from == null ? 0 : from.number;
      try {
        of.decode(version, declared);
      } catch (Wire.Malformed e) {
        refuse(400, "nothing was taken: " + e.getMessage());
        return;
      } catch (Request.TooMany e) {
        exceeded(Excess.SIZE, 1);
        refuse(413, String.valueOf(e.getMessage()));
        return;
      }
      int grown = request.bodyEnd - declared;
      if (grown > 0 && !reserve(grown)) {
        overloaded("%d bytes are in flight".formatted(figures.inFlightBytes()));
        return;
      }
      isOffered = true;
      offeredNanos = System.nanoTime();
      of.offer(sink, version, () -> context.runOnContext(_ -> scored()));
    }

    /** All shards have reported: the answer. */
    private void scored() {
      Exchange of = exchange;
      if (of == null) return;
      long now = System.nanoTime();
      figures.scoring.took(now - offeredNanos);
      figures.answering.took(now - beganNanos);
      Tally tally = of.tally();
      figures.count(tally);
      if (tally.accepted() > 0 || of.request.leftOut > 0) figures.lastSampleMs = clock.millis();
      exceeded(Excess.SERIES, tally.refused(Refusal.SENDER_FULL, Refusal.TOO_MANY_SERIES));
      exceeded(Excess.LABELS, tally.refused(Refusal.TOO_MANY_LABELS, Refusal.LABEL_TOO_LONG));
      figures.histograms.add(of.request.histograms);
      figures.exemplars.add(of.request.exemplars);
      figures.leftOut.add(of.request.leftOut + of.request.histogramsLeftOut);
      Throwable fault = of.fault();
      if (fault != null) {
        answer(500, "our own fault: " + fault.getMessage(), of);
      } else if (of.isFull()) {
        overloaded("a shard's inbox is full");
      } else if (tally.refused() > 0) {
        answer(400, tally.message(), of);
      } else {
        answer(of.request.isSifted() ? 202 : 204, "", of);
      }
    }

    private void exceeded(Excess kind, int by) {
      Senders.Sender of = sender;
      if (of != null && by > 0) senders.exceeded(kind, of.name, by);
    }

    /** Told, and then closed: the sender comes back when others have gone. */
    void tooManyConnections() {
      discard();
      http.endHandler(_ -> http.connection().close());
      overloaded("too many connections write already");
    }

    void tooLarge(long bytes) {
      exceeded(Excess.SIZE, 1);
      LOG.warn(
          "a request is refused as too large: bytes={} from={}",
          bytes,
          http.remoteAddress().host());
      discard();
      refuse(
          413,
          "%d bytes in a request, wanted at most %d as sent (ingest.request-bytes-max) and %d decompressed (ingest.decoded-bytes-max)"
              .formatted(bytes, config.requestBytesMax(), config.decodedBytesMax()));
    }

    /**
     * Reads on without keeping anything, so that the sender gets to see the answer: a reset
     * connection it would take for a reason to try again. But not for ever.
     */
    private void discard() {
      if (http.isEnded()) return;
      long[] left = {4L * config.requestBytesMax()};
      http.handler(chunk -> {
        left[0] -= chunk.length();
        if (left[0] < 0) http.connection().close();
      });
    }

    private void overloaded(String why) {
      int seconds = config.retryAfterSeconds();
      int wait = seconds + random.nextInt(seconds + 1);
      http.response().putHeader("Retry-After", Integer.toString(wait));
      refuse(503, why + "; send it again in " + wait + " s");
    }

    /** An answer to a request of which nothing, or not all, was taken. */
    void refuse(int status, String message) {
      answer(status, message, null);
    }

    private void answer(int status, String message, @Nullable Exchange taken) {
      if (isAnswered) {
        release();
        return;
      }
      isAnswered = true;
      figures.answered(status);
      HttpServerResponse response = http.response().setStatusCode(status);
      if (version == Negotiation.V2) written(response, taken);
      release();
      if (response.closed()) return;
      if (message.isEmpty()) {
        response.end();
      } else {
        response.putHeader("Content-Type", "text/plain; charset=utf-8").end(message + "\n");
      }
    }

    /** What of the request is in its rows; where that cannot be told apart, the lower number. */
    private void written(HttpServerResponse response, @Nullable Exchange taken) {
      long floats = 0;
      long histograms = 0;
      long exemplars = 0;
      if (taken != null) {
        histograms = taken.histogramsWritten();
        // Left out on purpose counts as written: a sender that hears of none takes it for a
        // failure.
        floats =
            Math.max(0, taken.tally().accepted() + taken.request.leftOut - taken.request.derived);
        exemplars = taken.request.exemplars;
      }
      Head.written(response, floats, histograms, exemplars);
    }

    private void cancelTimer() {
      if (timer >= 0) vertx.cancelTimer(timer);
      timer = -1;
    }

    private void release() {
      cancelTimer();
      figures.inFlightBytes.addAndGet(-reserved);
      Senders.Sender from = sender;
      if (from != null) from.inFlightBytes.addAndGet(-reserved);
      reserved = 0;
      Exchange of = exchange;
      exchange = null;
      if (of != null && of.isWorthKeeping()) spare.offer(of);
    }
  }
}
