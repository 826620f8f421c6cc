package io.prunella.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelCheckTest {
  /**
   * All one- to three-byte strings of telling bytes, and random longer ones, against the JDK's
   * decoder.
   */
  @Test
  void isUtf8_anyBytes_agreesWithTheJdk() {
    var random = new Random(1);
    int[] telling = {
      0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed,
      0xef, 0xf0, 0xf4, 0xf5, 0xff
    };
    for (int round = 0; round < 500_000; round++) {
      var bytes = new byte[random.nextInt(7)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) telling[random.nextInt(telling.length)];
      }
      assertThat(LabelCheck.isUtf8(bytes, 0, bytes.length)).isEqualTo(jdk(bytes));
    }
  }

  private static boolean jdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
