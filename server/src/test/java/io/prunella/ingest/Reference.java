package io.prunella.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A slow and plain reader of remote write 1.0: objects for everything, written from the
 * specification alone.
 */
final class Reference {
  /** One sample. */
  record Sample(Map<String, String> labels, long timeMs, long bits) {
    Sample of(Map<String, String> series) {
      return new Sample(series, timeMs, bits);
    }
  }

  /** What becomes of a request. */
  static final class Outcome {
    final List<Sample> taken = new ArrayList<>();
    int refused;

    /** Then what is made out of them is missing here. */
    boolean hasHistograms;
  }

  /** Not a message. */
  static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A field of a message. */
  record Field(int number, int kind, long value, byte[] bytes) {
    boolean is(int wantedNumber, int wantedKind) {
      return number == wantedNumber && kind == wantedKind;
    }
  }

  /** What samples and labels must be to be taken. */
  record Rules(IngestConfig config, long nowMs) {
    boolean isInTime(long timeMs) {
      return timeMs > 0 && timeMs < 1L << 47 && timeMs <= nowMs + config.aheadMsMax();
    }

    /** Labels out of names and values in turn, without empty values; null when they are refused. */
    @Nullable Map<String, String> labels(List<byte[]> pairs) {
      var labels = new TreeMap<String, String>();
      int count = 0;
      for (int i = 0; i < pairs.size(); i += 2) {
        byte[] value = pairs.get(i + 1);
        if (value.length == 0) continue;
        String name = utf8(pairs.get(i));
        String text = utf8(value);
        if (name == null || text == null || name.isEmpty()) return null;
        if (pairs.get(i).length > config.labelNameBytesMax()) return null;
        if (value.length > config.labelValueBytesMax()) return null;
        labels.put(name, text);
        count++;
      }
      boolean isFine =
          count == labels.size() && count <= config.labelsMax() && labels.containsKey("__name__");
      return isFine ? labels : null;
    }

    private static @Nullable String utf8(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }

  private Reference() {}

  /** What becomes of a request's float samples. */
  static Outcome read(byte[] body, Rules rules) {
    var outcome = new Outcome();
    for (Field field : fields(body)) {
      if (field.is(1, 2)) series(field.bytes(), rules, outcome);
      if (field.is(3, 2)) fields(field.bytes());
    }
    return outcome;
  }

  private static void series(byte[] body, Rules rules, Outcome outcome) {
    var pairs = new ArrayList<byte[]>();
    var kept = new ArrayList<Sample>();
    for (Field field : fields(body)) {
      if (field.is(1, 2)) label(field.bytes(), pairs);
      if (field.is(2, 2)) {
        Sample sample = sample(field.bytes());
        if (rules.isInTime(sample.timeMs())) kept.add(sample);
        else outcome.refused++;
      }
      outcome.hasHistograms |= field.is(4, 2);
    }
    var labels = rules.labels(pairs);
    if (labels == null) outcome.refused += kept.size();
    else for (Sample one : kept) outcome.taken.add(one.of(labels));
  }

  private static void label(byte[] body, List<byte[]> pairs) {
    byte[] name = {};
    byte[] value = {};
    for (Field part : fields(body)) {
      if (part.is(1, 2)) name = part.bytes();
      if (part.is(2, 2)) value = part.bytes();
    }
    pairs.add(name);
    pairs.add(value);
  }

  static Sample sample(byte[] body) {
    long bits = 0;
    long time = 0;
    for (Field part : fields(body)) {
      if (part.is(1, 1)) bits = part.value();
      if (part.is(2, 0)) time = part.value();
    }
    return new Sample(Map.of(), time, bits);
  }

  static List<Long> varints(byte[] body) {
    var in = ByteBuffer.wrap(body);
    var all = new ArrayList<Long>();
    while (in.hasRemaining()) all.add(varint(in));
    return all;
  }

  static List<Field> fields(byte[] body) {
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
          byte[] bytes = Arrays.copyOfRange(body, in.position(), in.position() + (int) length);
          in.position(in.position() + (int) length);
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
