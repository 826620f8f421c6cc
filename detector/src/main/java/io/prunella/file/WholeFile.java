package io.prunella.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file whole or not at all: written beside it ({@code NAME.new}), synced, renamed over
 * it, and the folder synced. A reader, a kill and a power cut find the old one or the new one. Not
 * for two writers of one file at a time.
 */
public final class WholeFile {
  private static final Set<OpenOption> ANEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** Who may read it. */
  public enum Readers {
    /** Whom the process' umask lets. */
    USUAL,
    /** Nobody but the process' own user: for secrets. */
    OWNER;

    private FileAttribute<?>[] attributes() {
      if (this == USUAL) return new FileAttribute<?>[0];
      return new FileAttribute<?>[] {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
      };
    }
  }

  /** What it is to hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it; an error leaves the old file. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private WholeFile() {}

  /** Replaces it by a text in UTF-8. */
  public static void write(Path file, Readers readers, String text) throws IOException {
    write(
        file,
        readers,
        channel -> {
          var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) channel.write(bytes);
        });
  }

  /**
   * Replaces it; its folder must be there.
   *
   * @return bytes that it has
   */
  public static long write(Path file, Readers readers, Content content) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside); // of a process that was killed
    long bytes;
    try {
      try (var channel = FileChannel.open(beside, ANEW, readers.attributes())) {
        content.writeTo(channel);
        channel.force(true);
        bytes = channel.size();
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside); // half of one only fills a disk that may be full
    }
    sync(file.toAbsolutePath().getParent());
    return bytes;
  }

  /** Without it the name could be the old file's again after a power cut. */
  private static void sync(@Nullable Path folder) throws IOException {
    if (folder == null) return;
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
