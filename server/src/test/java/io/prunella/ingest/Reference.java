package io.prunella.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A slow and plain reader of remote write 1.0: objects for everything, written from the
 * specification alone.
 */
final class Reference {
  /** One sample. */
  record Sample(Map<String, String> labels, long timeMs, long bits) {}

  /** Not a message. */
  static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Field(int number, int kind, long value, byte[] bytes) {}

  private Reference() {}

  /** True when a series has a native histogram, which is not read here. */
  static boolean hasHistograms(byte[] body) {
    for (Field field : fields(body)) {
      if (field.number() != 1 || field.kind() != 2) continue;
      for (Field part : fields(field.bytes())) {
        if (part.number() == 4 && part.kind() == 2) return true;
      }
    }
    return false;
  }

  static List<Sample> read(byte[] body) {
    var all = new ArrayList<Sample>();
    for (Field field : fields(body)) {
      if (field.number() == 1 && field.kind() == 2) series(field.bytes(), all);
      if (field.number() == 3 && field.kind() == 2) fields(field.bytes());
    }
    return all;
  }

  private static void series(byte[] body, List<Sample> all) {
    var labels = new TreeMap<String, String>();
    var samples = new ArrayList<byte[]>();
    for (Field field : fields(body)) {
      if (field.kind() != 2) continue;
      if (field.number() == 1) {
        String name = "";
        String value = "";
        for (Field part : fields(field.bytes())) {
          if (part.kind() != 2) continue;
          if (part.number() == 1) name = new String(part.bytes(), StandardCharsets.UTF_8);
          if (part.number() == 2) value = new String(part.bytes(), StandardCharsets.UTF_8);
        }
        if (!value.isEmpty()) labels.put(name, value);
      }
      if (field.number() == 2) samples.add(field.bytes());
    }
    for (byte[] sample : samples) {
      long bits = 0;
      long time = 0;
      for (Field part : fields(sample)) {
        if (part.number() == 1 && part.kind() == 1) bits = part.value();
        if (part.number() == 2 && part.kind() == 0) time = part.value();
      }
      all.add(new Sample(labels, time, bits));
    }
  }

  private static List<Field> fields(byte[] body) {
    var in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    var all = new ArrayList<Field>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      int kind = (int) tag & 7;
      if (tag >>> 32 != 0 || tag >>> 3 == 0) throw new Bad();
      int number = (int) (tag >>> 3);
      switch (kind) {
        case 0 -> all.add(new Field(number, kind, varint(in), new byte[0]));
        case 1 -> {
          if (in.remaining() < 8) throw new Bad();
          all.add(new Field(number, kind, in.getLong(), new byte[0]));
        }
        case 2 -> {
          long length = varint(in);
          if (length < 0 || length > in.remaining()) throw new Bad();
          var bytes = new byte[(int) length];
          in.get(bytes);
          all.add(new Field(number, kind, 0, bytes));
        }
        case 5 -> {
          if (in.remaining() < 4) throw new Bad();
          all.add(new Field(number, kind, in.getInt(), new byte[0]));
        }
        default -> throw new Bad();
      }
    }
    return all;
  }

  private static long varint(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (!in.hasRemaining()) throw new Bad();
      byte b = in.get();
      if (shift < 64) number |= (b & 0x7fL) << shift;
      if (b >= 0) return number;
    }
    throw new Bad();
  }
}
