package io.prunella.train;

import io.prunella.detect.Siblings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.anomaly.AnomalyFactory;
import org.tribuo.anomaly.Event;
import org.tribuo.anomaly.libsvm.LibSVMAnomalyTrainer;
import org.tribuo.anomaly.libsvm.SVMAnomalyType;
import org.tribuo.anomaly.libsvm.SVMAnomalyType.SVMMode;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * What hosts are like while nothing is wrong: a one-class support vector machine (Schölkopf et al.
 * 2001) over what {@link Siblings} says, which needs nobody's labels. The forest must rank better
 * than it. Immutable; one thread at a time.
 */
final class OneClass {
  private static final double OUTSIDE = 0.01; // share of what it learns from that may lie outside
  private static final double GAMMA =
      0.02; // of the kernel exp(−γ·|x − y|²), on numbers of one scale
  private static final int VECTORS_MAX = 2000; // its time grows with their square
  private static final String[] NAMES = Siblings.NAMES.toArray(String[]::new);

  static {
    libsvm.svm.svm_set_print_string_function(_ -> {}); // it tells of every round
  }

  private final Model<Event> model;
  private final Trees.Scale scale;

  private OneClass(Model<Event> model, Trees.Scale scale) {
    this.model = model;
    this.scale = scale;
  }

  /** Learns; of very many vectors evenly chosen ones. Null where there are none. */
  static @Nullable OneClass of(List<Seen> calm) {
    if (calm.isEmpty()) return null;
    int every = 1 + (calm.size() - 1) / VECTORS_MAX;
    var scale = Trees.Scale.of(calm);
    var factory = new AnomalyFactory();
    var source = new SimpleDataSourceProvenance("calm rows of hosts", factory);
    var vectors = new MutableDataset<Event>(source, factory);
    for (int i = 0; i < calm.size(); i += every) {
      vectors.add(example(scale.to(calm.get(i).numbers())));
    }
    var settings = new SVMParameters<>(new SVMAnomalyType(SVMMode.ONE_CLASS), KernelType.RBF);
    settings.setNu(OUTSIDE);
    settings.setGamma(GAMMA);
    return new OneClass(new LibSVMAnomalyTrainer(settings).train(vectors), scale);
  }

  /** How far outside of what it knows: 0 is the border, below lies within. */
  double oddness(double[] siblings) {
    return -model.predict(example(scale.to(siblings))).getOutput().getScore();
  }

  private static Example<Event> example(double[] numbers) {
    return new ArrayExample<>(AnomalyFactory.EXPECTED_EVENT, NAMES.clone(), numbers.clone());
  }
}
