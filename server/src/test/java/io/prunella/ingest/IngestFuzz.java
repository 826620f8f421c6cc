package io.prunella.ingest;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Searches for bytes that break the decoders, led by coverage. Not one of the tests of {@code mvn
 * verify}: its agent rewrites every class of the virtual machine that it runs in. What it has found
 * is kept beside it and is what {@link DecoderFuzzTest} goes through.
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn test -pl server -am -Dtest='IngestFuzz#decodeV2*' -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>One method at a time, each for {@code maxDuration}; a finding is a file in {@code
 * server/src/test/resources/io/prunella/ingest/IngestFuzzInputs/}, to be kept with its mending.
 */
class IngestFuzz {
  private static final DecodersFuzz DECODERS = new DecodersFuzz();

  @FuzzTest(maxDuration = "3m")
  void decodeV1(byte[] body) {
    DECODERS.v1(body);
  }

  @FuzzTest(maxDuration = "3m")
  void decodeV2(byte[] body) {
    DECODERS.v2(body);
  }

  @FuzzTest(maxDuration = "3m")
  void decompress(byte[] body) {
    DECODERS.snappy(body);
  }
}
