package io.prunella.ingest;

import io.prunella.series.Fingerprint;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one known sample costs until it has its series' print: requests of 2000 samples with 12
 * labels each, taken in turn, decompressed already. Run by {@code mvn -q -Pjmh -DskipTests verify}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecodeBenchmark {
  private static final int SAMPLES = 2000;
  private static final long TIME = 1_700_000_000_000L;

  @Param({"2000", "100000"})
  int seriesCount;

  private final Fingerprint fingerprint = new Fingerprint(1);
  private final Request request = new Request();
  private DecoderV1 v1;
  private DecoderV2 v2;
  private byte[][] bodiesV1;
  private byte[][] bodiesV2;
  private int turn;

  @Setup(Level.Trial)
  public void bodies() throws Exception {
    var known = new Known(1 << 20);
    var check = new LabelCheck(IngestConfig.DEFAULTS);
    v1 = new DecoderV1(fingerprint, known, check, new MetadataBook(100));
    v2 = new DecoderV2(fingerprint, known, check, new MetadataBook(100));
    request.samplesMax = SAMPLES;
    request.nowMs = TIME;
    bodiesV1 = new byte[seriesCount / SAMPLES][];
    bodiesV2 = new byte[bodiesV1.length][];
    for (int i = 0; i < bodiesV1.length; i++) {
      var one = new Bodies.V1();
      var two = new Bodies.V2();
      for (int k = 0; k < SAMPLES; k++) {
        Map<String, String> labels = labels(i * SAMPLES + k);
        one.series(labels, TIME, k);
        two.series(labels, TIME, k);
      }
      bodiesV1[i] = one.message().toBytes();
      bodiesV2[i] = two.toRaw();
    }
    for (int i = 0; i < bodiesV1.length; i++) {
      decodeV1();
      decodeV2();
    }
  }

  private static Map<String, String> labels(int series) {
    int pod = series / 200;
    var labels = new TreeMap<String, String>();
    labels.put("__name__", "http_server_request_duration_seconds_" + series % 200);
    labels.put("cluster", "production-eu-west-1");
    labels.put("container", "checkout");
    labels.put("environment", "production");
    labels.put("instance", "10.11.%d.%d:9102".formatted(pod >> 8, pod & 255));
    labels.put("job", "shop/checkout");
    labels.put("namespace", "shop-checkout");
    labels.put("node", "ip-10-11-%d-7.compute.internal".formatted(pod / 20));
    labels.put("pod", "checkout-7d9f8b6c5d-" + pod);
    labels.put("region", "eu-west-1");
    labels.put("service", "checkout");
    labels.put("zone", "eu-west-1a");
    return labels;
  }

  private void next(byte[][] bodies) {
    if (++turn >= bodies.length) turn = 0;
    request.clear();
    request.body = bodies[turn];
    request.bodyEnd = request.body.length;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int decodeV1() throws Exception {
    next(bodiesV1);
    v1.decode(request);
    return request.samples.count;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int decodeV2() throws Exception {
    next(bodiesV2);
    v2.decode(request);
    return request.samples.count;
  }
}
