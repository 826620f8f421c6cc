package io.prunella.ingest;

import io.prunella.ingest.Reference.Field;
import io.prunella.ingest.Reference.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A slow and plain reader of remote write 2.0: objects for everything, written from the
 * specification alone.
 */
final class ReferenceV2 {
  private final Reference.Rules rules;
  private final List<byte[]> symbols = new ArrayList<>();
  private final Outcome outcome = new Outcome();

  private ReferenceV2(Reference.Rules rules) {
    this.rules = rules;
  }

  /** What becomes of a request's float samples. */
  static Outcome read(byte[] body, Reference.Rules rules) {
    var reader = new ReferenceV2(rules);
    List<Field> fields = Reference.fields(body);
    for (Field field : fields) if (field.is(4, 2)) reader.symbols.add(field.bytes());
    if (!reader.symbols.isEmpty() && reader.symbols.getFirst().length > 0) {
      throw new Reference.Bad();
    }
    for (Field field : fields) if (field.is(5, 2)) reader.series(field.bytes());
    return reader.outcome;
  }

  private void series(byte[] body) {
    var refs = new ArrayList<Long>();
    boolean isSound = true;
    int floats = 0;
    int histograms = 0;
    var kept = new ArrayList<Reference.Sample>();
    for (Field field : Reference.fields(body)) {
      if (field.is(1, 2)) refs.addAll(Reference.varints(field.bytes()));
      if (field.is(1, 0)) refs.add(field.value());
      if (field.is(2, 2)) {
        floats++;
        Reference.Sample sample = Reference.sample(field.bytes());
        if (rules.isInTime(sample.timeMs())) kept.add(sample);
        else outcome.refused++;
      }
      if (field.is(3, 2)) histograms++;
      if (field.is(4, 2)) Reference.fields(field.bytes());
      if (field.is(5, 2)) {
        for (Field part : Reference.fields(field.bytes())) {
          if (part.is(3, 0) || part.is(4, 0)) isSound &= isThere(part.value());
        }
      }
    }
    outcome.hasHistograms |= histograms > 0;
    var pairs = new ArrayList<byte[]>();
    for (long ref : refs) {
      isSound &= isThere(ref);
      if (isSound) pairs.add(symbols.get((int) ref));
    }
    isSound &= refs.size() % 2 == 0;
    var labels = isSound ? rules.labels(pairs) : null;
    if (labels == null) {
      outcome.refused += Math.max(1, kept.size() + histograms);
    } else if (floats == 0 && histograms == 0) {
      outcome.refused++;
    } else {
      for (var one : kept) outcome.taken.add(one.of(labels));
    }
  }

  private boolean isThere(long ref) {
    return ref >= 0 && ref < symbols.size();
  }
}
