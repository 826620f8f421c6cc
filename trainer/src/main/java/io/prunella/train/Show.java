package io.prunella.train;

import io.prunella.model.Card;
import io.prunella.model.Forest;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Models for people to read. */
final class Show {
  private Show() {}

  static void card(PrintWriter out, Card card) {
    out.printf("question   %s%n", card.question().name().toLowerCase(Locale.ROOT));
    out.printf("command    %s%n", card.command());
    out.printf("code       %s%n", card.code());
    for (Card.DataSet set : card.sets()) {
      out.printf(
          "learnt     %s: %d candidates of %d series, %d odd (sha256 %.12s)%n",
          set.name(), set.candidates(), set.series(), set.odd(), set.sha256());
    }
    out.printf("split      %s%n", card.split());
    card.settings().forEach((name, value) -> out.printf("setting    %-28s %s%n", name, value));
    out.printf(Locale.ROOT, "threshold  %.4f%n", card.threshold());
    out.printf("model      sha256 %s%n", card.sha256());
    out.printf("says       sha256 %s%n", card.predictionsSha256());
    card.figures().forEach((name, value) -> out.printf("figure     %-28s %s%n", name, value));
    card.limits().forEach(limit -> out.printf("limit      %s%n", limit));
    out.flush();
  }

  /** What the trees ask for most, the first of them first. */
  static void importance(PrintWriter out, Card card, Forest forest) {
    double[] weight = forest.importance(card.features().size());
    out.printf("trees      %d, with %d nodes%n", forest.trees(), forest.nodes());
    IntStream.range(0, weight.length)
        .boxed()
        .filter(i -> weight[i] > 0)
        .sorted(Comparator.comparingDouble((Integer i) -> weight[i]).reversed())
        .forEach(i ->
            out.printf(Locale.ROOT, "asks for   %-28s %.4f%n", card.features().get(i), weight[i]));
    out.flush();
  }
}
