package io.prunella.journal;

import io.prunella.file.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Signed heads of the journal, outside the database: who rewrites facts and all hashes after them
 * needs the key as well, and who cuts off the tail is caught by the last head.
 *
 * <p>Three files: {@code keys/journal.key} (Ed25519, PKCS 8, readable by the owner only) with
 * {@code keys/journal.pub} beside it; {@code anchors.log}, one line every so many entries, only
 * ever appended to (copy it to another machine and a thief of the key cannot rewrite what is
 * older); {@code head}, the same line for the last entry, replaced at every append.
 *
 * <p>Line: {@code seq hash time algorithm signature}, the signature in Base64 over {@code
 * prunella-checkpoint/1} and the four words before it.
 */
final class Checkpoints {
  static final String ANCHORS = "anchors.log";
  static final String HEAD = "head";

  private static final String PRIVATE = "keys/journal.key";
  private static final String PUBLIC = "keys/journal.pub";
  private static final String DOMAIN = "prunella-checkpoint/1";

  private final Path folder;
  private final PrivateKey key;

  private Checkpoints(Path folder, PrivateKey key) {
    this.folder = folder;
    this.key = key;
  }

  /** A signed head. */
  record Checkpoint(long seq, String hash, String at) {}

  /** A line that is not what it should be. */
  static final class BadCheckpointException extends Exception {
    BadCheckpointException(String message) {
      super(message);
    }
  }

  /** Reads the key, or makes one in a folder that has none. */
  static Checkpoints open(Path folder) throws IOException {
    Path file = folder.resolve(PRIVATE);
    try {
      if (!Files.exists(file)) makeKeys(folder);
      byte[] der = Base64.getDecoder().decode(Files.readString(file).strip());
      return new Checkpoints(
          folder, KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          file + " is no Ed25519 key; wanted PKCS 8 in Base64, as it was made at first start", e);
    }
  }

  private static void makeKeys(Path folder) throws IOException, GeneralSecurityException {
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path keys = Files.createDirectories(folder.resolve(PRIVATE).getParent());
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
    WholeFile.write(
        folder.resolve(PUBLIC),
        WholeFile.Readers.USUAL,
        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\n");
    // Last: a folder that has it has both.
    WholeFile.write(
        folder.resolve(PRIVATE),
        WholeFile.Readers.OWNER,
        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n");
  }

  /** Replaces the head; survives the death of the process. */
  void head(Checkpoint head) throws IOException {
    Path temporary = folder.resolve(HEAD + ".new");
    Files.writeString(temporary, line(head));
    Files.move(
        temporary,
        folder.resolve(HEAD),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Appends an anchor; survives a power cut. */
  void anchor(Checkpoint head) throws IOException {
    try (var channel =
        FileChannel.open(
            folder.resolve(ANCHORS), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      var bytes = ByteBuffer.wrap(line(head).getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) channel.write(bytes);
      channel.force(true);
    }
  }

  private String line(Checkpoint head) {
    try {
      String words = words(head);
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update((DOMAIN + " " + words).getBytes(StandardCharsets.UTF_8));
      return words + " " + Base64.getEncoder().encodeToString(signature.sign()) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a checkpoint", e);
    }
  }

  private static String words(Checkpoint head) {
    return "%d %s %s %s".formatted(head.seq(), head.hash(), head.at(), Seal.ALGORITHM);
  }

  /**
   * The anchors of a folder, oldest first, each with a good signature and none older than the one
   * before. A last line that a power cut has cut short is left out.
   */
  static List<Checkpoint> anchors(Path folder) throws IOException, BadCheckpointException {
    Path file = folder.resolve(ANCHORS);
    if (!Files.exists(file)) {
      throw new BadCheckpointException(ANCHORS + " is missing; it is made with the journal");
    }
    PublicKey key = publicKey(folder);
    String text = Files.readString(file);
    var found = new ArrayList<Checkpoint>();
    long last = -1;
    int from = 0;
    for (int number = 1; from < text.length(); number++) {
      int end = text.indexOf('\n', from);
      if (end < 0) break;
      Checkpoint one =
          read(text.substring(from, end), key, "line %d of %s".formatted(number, ANCHORS));
      if (one.seq() < last) {
        throw new BadCheckpointException(
            "line %d of %s is for entry %d after one for entry %d"
                .formatted(number, ANCHORS, one.seq(), last));
      }
      last = one.seq();
      found.add(one);
      from = end + 1;
    }
    if (found.isEmpty()) throw new BadCheckpointException(ANCHORS + " has no whole line");
    return found;
  }

  /** The head; empty when the file was not there yet. */
  static Optional<Checkpoint> head(Path folder) throws IOException, BadCheckpointException {
    Path file = folder.resolve(HEAD);
    if (!Files.exists(file)) return Optional.empty();
    return Optional.of(read(Files.readString(file).stripTrailing(), publicKey(folder), HEAD));
  }

  private static PublicKey publicKey(Path folder) throws IOException, BadCheckpointException {
    try {
      byte[] der = Base64.getDecoder().decode(Files.readString(folder.resolve(PUBLIC)).strip());
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BadCheckpointException(PUBLIC + " is no Ed25519 key");
    }
  }

  private static Checkpoint read(String line, PublicKey key, String where)
      throws BadCheckpointException {
    String[] words = line.split(" ", -1);
    if (words.length != 5 || !words[3].equals(Seal.ALGORITHM) || !words[0].matches("\\d{1,18}")) {
      throw new BadCheckpointException(
          "%s is not a checkpoint; wanted: seq hash time %s signature"
              .formatted(where, Seal.ALGORITHM));
    }
    var head = new Checkpoint(Long.parseLong(words[0]), words[1], words[2]);
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update((DOMAIN + " " + words(head)).getBytes(StandardCharsets.UTF_8));
      if (signature.verify(Base64.getDecoder().decode(words[4]))) return head;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BadCheckpointException("%s: the signature cannot be read".formatted(where));
    }
    throw new BadCheckpointException(
        "%s: the signature is not by this journal's key".formatted(where));
  }
}
