package io.prunella.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xerial.snappy.Snappy;

/** Writes remote-write messages as senders do, independently of the code that reads them. */
public final class Bodies {
  private Bodies() {}

  /** A protobuf message under construction. */
  public static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Message number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    public Message real(int field, long bits) {
      varint(field << 3 | 1);
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array());
      return this;
    }

    public Message real(int field, double value) {
      return real(field, Double.doubleToRawLongBits(value));
    }

    public Message fixed32(int field, int value) {
      varint(field << 3 | 5);
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    public Message bytes(int field, byte[] value) {
      varint(field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    public Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public Message message(int field, Message value) {
      return bytes(field, value.toBytes());
    }

    /** Bare numbers, for packed fields. */
    public Message packed(int field, long... values) {
      var packed = new Message();
      for (long value : values) packed.varint(value);
      return bytes(field, packed.toBytes());
    }

    public Message varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        out.write((int) (left & 0x7f) | 0x80);
        left >>>= 7;
      }
      out.write((int) left);
      return this;
    }

    public byte[] toBytes() {
      return out.toByteArray();
    }
  }

  public static byte[] snappy(byte[] body) {
    try {
      return Snappy.compress(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request of remote write 1.0. */
  public static final class V1 {
    private final Message request = new Message();

    /** One series; labels in the order given, times and values in turn. */
    public V1 series(Map<String, String> labels, double... timesAndValues) {
      var series = new Message();
      labels.forEach((name, value) -> series.message(1, label(name, value)));
      for (int i = 0; i < timesAndValues.length; i += 2) {
        series.message(2, sample((long) timesAndValues[i], timesAndValues[i + 1]));
      }
      request.message(1, series);
      return this;
    }

    public V1 series(Message series) {
      request.message(1, series);
      return this;
    }

    public V1 metadata(int type, String metric) {
      request.message(3, new Message().number(1, type).text(2, metric).text(4, "help"));
      return this;
    }

    public Message message() {
      return request;
    }

    public byte[] toBytes() {
      return snappy(request.toBytes());
    }
  }

  public static Message label(String name, String value) {
    return new Message().text(1, name).text(2, value);
  }

  public static Message sample(long timeMs, double value) {
    return new Message().real(1, value).number(2, timeMs);
  }

  /** A request of remote write 2.0. */
  public static final class V2 {
    private final List<String> symbols = new ArrayList<>(List.of(""));
    private final List<Message> series = new ArrayList<>();

    public int symbol(String text) {
      int at = symbols.indexOf(text);
      if (at >= 0) return at;
      symbols.add(text);
      return symbols.size() - 1;
    }

    public long[] refs(Map<String, String> labels) {
      var refs = new long[2 * labels.size()];
      int at = 0;
      for (var label : labels.entrySet()) {
        refs[at++] = symbol(label.getKey());
        refs[at++] = symbol(label.getValue());
      }
      return refs;
    }

    public V2 series(Map<String, String> labels, double... timesAndValues) {
      var message = new Message().packed(1, refs(labels));
      for (int i = 0; i < timesAndValues.length; i += 2) {
        message.message(2, sample((long) timesAndValues[i], timesAndValues[i + 1]));
      }
      return series(message);
    }

    public V2 series(Message message) {
      series.add(message);
      return this;
    }

    public byte[] toRaw() {
      var request = new Message();
      symbols.forEach(symbol -> request.text(4, symbol));
      series.forEach(message -> request.message(5, message));
      return request.toBytes();
    }

    public byte[] toBytes() {
      return snappy(toRaw());
    }
  }

  /** Labels in the order given. */
  public static Map<String, String> labels(String... namesAndValues) {
    var labels = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }
}
