package io.prunella.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/**
 * A slow reader of remote write 1.0, written apart from the encoder: what was sent, as anyone else
 * would read it.
 */
final class WriteBodies {
  private WriteBodies() {}

  record Sample(Map<String, String> labels, long timeMs, double value) {
    String metric() {
      return labels.getOrDefault("__name__", "");
    }

    boolean isStale() {
      return Double.doubleToRawLongBits(value) == 0x7ff0000000000002L;
    }
  }

  static List<Sample> read(List<byte[]> bodies) throws IOException {
    var all = new ArrayList<Sample>();
    for (byte[] body : bodies) all.addAll(read(body));
    return all;
  }

  static List<Sample> read(byte[] body) throws IOException {
    var request = ByteBuffer.wrap(Snappy.uncompress(body)).order(ByteOrder.LITTLE_ENDIAN);
    var samples = new ArrayList<Sample>();
    while (request.hasRemaining()) {
      expect(request, 0x0a);
      var series = part(request);
      var labels = new TreeMap<String, String>();
      String before = "";
      while (series.hasRemaining()) {
        int tag = series.get();
        var field = part(series);
        if (tag == 0x0a) {
          expect(field, 0x0a);
          String name = text(part(field));
          expect(field, 0x12);
          if (name.compareTo(before) <= 0) throw new IOException("labels not sorted at " + name);
          before = name;
          labels.put(name, text(part(field)));
        } else if (tag == 0x12) {
          expect(field, 0x09);
          double value = field.getDouble();
          expect(field, 0x10);
          samples.add(new Sample(labels, varint(field), value));
        } else {
          throw new IOException("unexpected tag " + tag);
        }
      }
    }
    return samples;
  }

  private static void expect(ByteBuffer in, int tag) throws IOException {
    int seen = in.get();
    if (seen != tag) throw new IOException("tag %d, wanted %d".formatted(seen, tag));
  }

  private static ByteBuffer part(ByteBuffer in) {
    int length = (int) varint(in);
    var part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return part;
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in).toString();
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
  }
}
