package io.prunella.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void write_nothingThereBefore_isThere() throws IOException {
    Path file = folder.resolve("state");
    WholeFile.write(file, WholeFile.Readers.USUAL, "größer\n");
    assertThat(file).hasContent("größer\n");
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void write_longerOneThereBefore_holdsOnlyTheNew() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "a longer one that was there before");
    long bytes =
        WholeFile.write(
            file, WholeFile.Readers.USUAL, channel -> channel.write(ByteBuffer.wrap(new byte[3])));
    assertThat(bytes).isEqualTo(3);
    assertThat(file).hasBinaryContent(new byte[3]);
  }

  @Test
  void write_contentFails_leavesTheOld_andTheNextSucceeds() throws IOException {
    Path file = Files.writeString(folder.resolve("state"), "old");
    WholeFile.Content half =
        channel -> {
          channel.write(ByteBuffer.wrap(new byte[5]));
          throw new IOException("disk full");
        };
    assertThatThrownBy(() -> WholeFile.write(file, WholeFile.Readers.USUAL, half))
        .hasMessage("disk full");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
    WholeFile.write(file, WholeFile.Readers.USUAL, "new");
    assertThat(file).hasContent("new");
  }

  @Test
  void write_forTheOwner_nobodyElseReadsIt_evenWhereALeftOverWasOpen() throws IOException {
    Path left = Files.createFile(folder.resolve("key.new"));
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
    Path file = folder.resolve("key");
    WholeFile.write(file, WholeFile.Readers.OWNER, "secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void write_noSuchFolder_saysWhich() {
    Path file = folder.resolve("none").resolve("state");
    assertThatThrownBy(() -> WholeFile.write(file, WholeFile.Readers.USUAL, "x"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }
}
