package io.prunella.console;

import io.prunella.file.WholeFile;
import io.prunella.yaml.Problems;
import io.prunella.yaml.YamlMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: names, roles and hashes of tokens, kept in a file that only its owner can read.
 * The token itself is shown once, when it is made, and never stored. A change of the file by
 * another process ({@code prunella token add}) is seen at the next look-up. Any thread.
 */
public final class Tokens {
  /*
   * A token is 32 random bytes: nothing to guess, so one SHA-256 is enough and no slow hash is wanted. All entries are
   * compared on every look-up, each in constant time.
   */
  private static final int TOKENS_MAX = 1_000;
  private static final int SECRET_BYTES = 32;
  private static final String PREFIX = "pru_";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");

  /**
   * One token, without its secret.
   *
   * @param name the actor's name in every fact it makes
   * @param sha256 of the secret, hex
   */
  public record Token(String name, Role role, String sha256) {}

  private record Stamp(FileTime modified, long size) {}

  private final Path file;
  private List<Token> tokens = List.of();
  private @Nullable Stamp read;

  private Tokens(Path file) {
    this.file = file;
  }

  /**
   * Tokens as the file has them; none while there is no file.
   *
   * @throws io.prunella.yaml.YamlException when the file is malformed; names file, line, seen and
   *     wanted
   */
  public static Tokens open(Path file) {
    var tokens = new Tokens(file);
    tokens.refresh();
    return tokens;
  }

  /** All tokens, in the file's order. */
  public synchronized List<Token> list() {
    refresh();
    return tokens;
  }

  /**
   * Makes the first admin token when there is no token at all, and returns its secret: to be shown
   * once.
   */
  public synchronized Optional<String> firstAdmin(RandomGenerator random) {
    return list().isEmpty() ? Optional.of(add("admin", Role.ADMIN, random)) : Optional.empty();
  }

  /**
   * Makes a token and writes the file.
   *
   * @param random a source nobody can predict, such as {@code SecureRandom}
   * @return the secret, which is not kept
   * @throws IllegalArgumentException when the name is taken or not a name
   */
  public synchronized String add(String name, Role role, RandomGenerator random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    addKnown(name, role, secret);
    return secret;
  }

  /** Adds a token whose secret the caller has chosen; for provisioning and tests. */
  public synchronized void addKnown(String name, Role role, String secret) {
    refresh();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "token name is \"%s\", wanted 1 to 40 of a-z 0-9 . _ - and a letter or digit first"
              .formatted(name));
    }
    if (name.equals("prunella")) {
      throw new IllegalArgumentException(
          "token name prunella is kept for what Prunella does by itself");
    }
    if (named(name) != null)
      throw new IllegalArgumentException("a token named %s exists".formatted(name));
    if (tokens.size() >= TOKENS_MAX) {
      throw new IllegalArgumentException("%d tokens exist, no more fit".formatted(TOKENS_MAX));
    }
    var more = new ArrayList<>(tokens);
    more.add(new Token(name, role, sha256(secret)));
    write(more);
  }

  /**
   * Takes a token back; its sessions end with it.
   *
   * @return false when there is none of that name
   * @throws IllegalArgumentException when it is the last admin, since nobody could let anyone in
   *     again
   */
  public synchronized boolean remove(String name) {
    Token gone = named(name);
    if (gone == null) return false;
    var left = tokens.stream().filter(t -> !t.name().equals(name)).toList();
    if (gone.role() == Role.ADMIN && left.stream().noneMatch(t -> t.role() == Role.ADMIN)) {
      throw new IllegalArgumentException(
          "%s is the last admin; add another admin first".formatted(name));
    }
    write(left);
    return true;
  }

  /** The token with this secret, or null. */
  synchronized @Nullable Token find(String secret) {
    refresh();
    byte[] wanted = sha256(secret).getBytes(StandardCharsets.US_ASCII);
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(wanted, token.sha256().getBytes(StandardCharsets.US_ASCII)))
        found = token;
    }
    return found;
  }

  /** The token of this name, or null. */
  synchronized @Nullable Token named(String name) {
    refresh();
    return tokens.stream().filter(t -> t.name().equals(name)).findFirst().orElse(null);
  }

  private void refresh() {
    try {
      if (!Files.exists(file)) {
        tokens = List.of();
        read = null;
        return;
      }
      var stamp = new Stamp(Files.getLastModifiedTime(file), Files.size(file));
      if (stamp.equals(read)) return;
      tokens = parse(Files.readString(file));
      read = stamp;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokens in " + file, e);
    }
  }

  private List<Token> parse(String text) {
    var problems = new Problems(file.toString());
    var root = YamlMap.parse(file.toString(), text, problems);
    var parsed = new ArrayList<Token>();
    for (YamlMap entry : root.maps("tokens")) {
      String name = entry.text("name");
      Role role = entry.choice("role", Role.class, Role.VIEWER);
      String hash = entry.text("sha256");
      if (!NAME.matcher(name).matches())
        entry.problem("name", "\"%s\" is no token name".formatted(name));
      if (!entry.has("role")) entry.problem("role", "a token wants a role");
      if (!hash.matches("[0-9a-f]{64}")) entry.problem("sha256", "wanted 64 hex digits");
      if (parsed.stream().anyMatch(t -> t.name().equals(name))) {
        entry.problem("name", "%s is there twice".formatted(name));
      }
      parsed.add(new Token(name, role, hash));
    }
    root.done();
    problems.throwIfAny();
    return List.copyOf(parsed);
  }

  private void write(List<Token> all) {
    var text =
        new StringBuilder(
            "# Tokens of Prunella. Change with: prunella token add|list|remove\ntokens:\n");
    if (all.isEmpty()) text.setLength(text.length() - 1);
    if (all.isEmpty()) text.append(" []\n");
    for (Token token : all) {
      text.append("  - name: \"")
          .append(token.name())
          .append("\"\n    role: ")
          .append(token.role().word());
      text.append("\n    sha256: \"").append(token.sha256()).append("\"\n");
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      WholeFile.write(file, WholeFile.Readers.OWNER, text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the tokens to " + file, e);
    }
    read = null;
    refresh();
  }

  private static String sha256(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
