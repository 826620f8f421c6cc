package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.prunella.ingest.Bodies.V1;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the door answers what is true of it, and is as before. */
class RemoteWriteFuzzTest {
  private static final int ROUNDS = 1500;
  private static final List<String> TYPES =
      List.of(
          "application/x-protobuf",
          "application/x-protobuf;proto=prometheus.WriteRequest",
          Door.TYPE_V2,
          "application/x-protobuf; proto=\"io.prometheus.write.v2.Request\"; q=\"",
          "application/x-protobuf;proto=",
          ";;==",
          "text/plain");

  @Test
  void write_damagedRequests_areTheSendersFaultAndHarmNothing() throws Exception {
    var config =
        new IngestConfig(
            64 << 10, 64 << 10, 1 << 20, 1000, 8, 32, 64, 600_000, 30_000, 2, 4096, 100);
    List<byte[]> bodies = bodies();
    try (var door = new Door(config)) {
      for (long seed = 0; seed < ROUNDS; seed++) {
        var random = new Random(seed);
        byte[] body = bodies.get(random.nextInt(bodies.size()));
        if (random.nextBoolean()) body = DecoderFuzzTest.damaged(body, random);
        if (random.nextInt(4) > 0) body = Bodies.snappy(body);
        if (random.nextBoolean()) body = DecoderFuzzTest.damaged(body, random);
        String type = TYPES.get(random.nextInt(random.nextInt(4) == 0 ? TYPES.size() : 3));
        String encoding = random.nextInt(10) == 0 ? "gzip" : "snappy";
        HttpResponse<String> answer =
            door.send(body, "Content-Type", type, "Content-Encoding", encoding);
        assertThat(answer.statusCode())
            .as("seed %d, %s, %s: %s", seed, type, encoding, answer.body())
            .isIn(encoding.equals("gzip") ? List.of(415) : List.of(204, 400, 413, 415));
        assertThat(answer.body().isEmpty()).isEqualTo(answer.statusCode() == 204);
        assertThat(answer.body()).hasSizeLessThan(2000);
        boolean isV2 = type.contains("v2.Request") && answer.statusCode() != 415;
        assertThat(answer.headers().map().containsKey("x-prometheus-remote-write-samples-written"))
            .as("seed %d has counts", seed)
            .isEqualTo(isV2);
      }
      assertThat(door.door.figures().inFlightBytes()).isZero();
      assertThat(door.door.figures().answers()).containsKeys(204, 400, 415);
      assertThat(door.watch.figures().faults()).isZero();
      var sound = new V1().series(Bodies.labels("__name__", "sound", "job", "x"), Door.NOW, 1);
      assertThat(door.sendV1(sound).statusCode()).isEqualTo(204);
    }
  }

  private static List<byte[]> bodies() throws IOException {
    var all = new ArrayList<byte[]>();
    for (String target : List.of("decodeV1", "decodeV2")) {
      for (Path file : DecoderFuzzTest.corpus(target)) all.add(Files.readAllBytes(file));
    }
    return all;
  }
}
