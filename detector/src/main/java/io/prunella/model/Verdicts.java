package io.prunella.model;

import io.prunella.detect.Judge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.protos.core.ModelProto;

/**
 * A trained model at work: a forest, its calibration and its card. Immutable; any thread may ask.
 */
public final class Verdicts implements Judge {
  /** The model's file beside its card: a Tribuo model's protobuf, gzipped. */
  public static final String FILE = "model.pb.gz";

  private static final long FILE_BYTES_MAX = 16L << 20;
  private static final int MODEL_BYTES_MAX = 128 << 20;

  private final Card card;
  private final Forest forest;

  private Verdicts(Card card, Forest forest) {
    this.card = card;
    this.forest = forest;
  }

  /**
   * A model that was trained just now, or read from its file.
   *
   * @throws IllegalArgumentException when it is no forest or asks for what the card does not name
   */
  public static Verdicts of(Card card, Model<Label> model) {
    return new Verdicts(card, Forest.of(model, card.features()));
  }

  /**
   * Reads a model's folder.
   *
   * @param features what the caller will ask with; a model that was made for others is refused
   * @throws IOException when a file is missing, is not what the card says, or cannot be understood
   */
  public static Verdicts read(Path folder, List<String> features) throws IOException {
    Card card = card(folder);
    if (!card.features().equals(features)) {
      throw new IOException(
          "%s is asked with %s, wanted %s: train it again"
              .formatted(folder, card.features(), features));
    }
    return of(card, model(folder, card));
  }

  /** Reads a model's card alone. */
  public static Card card(Path folder) throws IOException {
    Path file = folder.resolve(Card.FILE);
    if (!Files.isRegularFile(file)) {
      throw new IOException("%s is not there, wanted a model's card".formatted(file));
    }
    return Card.read(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
  }

  /** The model as Tribuo has it. */
  public static Model<Label> model(Path folder, Card card) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(
          "%s is not there or above %d bytes, wanted a model".formatted(file, FILE_BYTES_MAX));
    }
    byte[] packed = Files.readAllBytes(file);
    String digest = sha256(packed);
    if (!digest.equals(card.sha256())) {
      throw new IOException(
          "%s has the digest %s, its card says %s".formatted(file, digest, card.sha256()));
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = in.readNBytes(MODEL_BYTES_MAX + 1);
      if (plain.length > MODEL_BYTES_MAX) {
        throw new IOException("%s unpacks to more than %d bytes".formatted(file, MODEL_BYTES_MAX));
      }
      var proto = ModelProto.parseFrom(plain);
      // The file names classes that would be loaded: none but this one.
      if (!proto.getClassName().equals(WeightedEnsembleModel.class.getName())) {
        throw new IOException(
            "%s holds a %s, wanted a forest".formatted(file, proto.getClassName()));
      }
      return Model.deserialize(proto).castModel(Label.class);
    } catch (RuntimeException e) {
      throw new IOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Hexadecimal digest of bytes. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public Card card() {
    return card;
  }

  public Forest forest() {
    return forest;
  }

  @Override
  public double probability(double[] candidate) {
    return card.calibration().of(forest.score(candidate));
  }

  @Override
  public double threshold() {
    return card.threshold();
  }
}
