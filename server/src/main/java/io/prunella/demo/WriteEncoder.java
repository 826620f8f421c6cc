package io.prunella.demo;

import io.airlift.compress.v3.snappy.SnappyCompressor;
import io.prunella.series.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Remote write 1.0 bodies: protobuf {@code prometheus.WriteRequest}, snappy block format. One
 * thread.
 *
 * <p>Wire format: prometheus/docs, specs/prw/remote_write_spec.md.
 */
public final class WriteEncoder {
  /** As a Prometheus sends by default. */
  public static final int SAMPLES_MAX = 2_000;

  /** The value by which Prometheus says that a series has ended. */
  static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

  private final SnappyCompressor snappy = SnappyCompressor.create();
  private final List<byte[]> bodies = new ArrayList<>();
  private byte[] buffer = new byte[512 << 10];
  private int at;
  private int samples;

  /** Labels as the repeated field 1 of a TimeSeries. */
  public static byte[] labels(Labels labels) {
    var out = new ByteArrayOutputStream();
    labels.forEach((name, value) -> {
      byte[] n = name.getBytes(StandardCharsets.UTF_8);
      byte[] v = value.getBytes(StandardCharsets.UTF_8);
      out.write(0x0a);
      varint(out, 1 + varintSize(n.length) + n.length + 1 + varintSize(v.length) + v.length);
      out.write(0x0a);
      varint(out, n.length);
      out.writeBytes(n);
      out.write(0x12);
      varint(out, v.length);
      out.writeBytes(v);
    });
    return out.toByteArray();
  }

  /** Adds one sample of one series; the value's bits go out as they are. */
  public void add(byte[] labels, long timeMs, double value) {
    int sampleBytes = 1 + 8 + 1 + varintSize(timeMs);
    int seriesBytes = labels.length + 1 + varintSize(sampleBytes) + sampleBytes;
    if (buffer.length - at < seriesBytes + 16)
      buffer = Arrays.copyOf(buffer, 2 * buffer.length + seriesBytes);
    buffer[at++] = 0x0a;
    varint(seriesBytes);
    System.arraycopy(labels, 0, buffer, at, labels.length);
    at += labels.length;
    buffer[at++] = 0x12;
    varint(sampleBytes);
    buffer[at++] = 0x09;
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < 8; i++) buffer[at++] = (byte) (bits >>> (8 * i));
    buffer[at++] = 0x10;
    varint(timeMs);
    if (++samples == SAMPLES_MAX) close();
  }

  /** The compressed bodies of all samples since the last call, in order. */
  public List<byte[]> take() {
    if (samples > 0) close();
    var taken = List.copyOf(bodies);
    bodies.clear();
    return taken;
  }

  private void close() {
    byte[] out = new byte[snappy.maxCompressedLength(at)];
    int length = snappy.compress(buffer, 0, at, out, 0, out.length);
    bodies.add(Arrays.copyOf(out, length));
    at = 0;
    samples = 0;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[at++] = (byte) rest;
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write(rest | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int varintSize(long value) {
    return (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
  }
}
