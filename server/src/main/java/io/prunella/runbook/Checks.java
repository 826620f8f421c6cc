package io.prunella.runbook;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import io.prunella.runbook.CheckResult.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges checks over readings. Any thread. */
public final class Checks {
  private static final Map<String, String> COMPARISONS =
      Map.of("_<_", "<", "_<=_", "<=", "_>_", ">", "_>=_", ">=", "_==_", "==", "_!=_", "!=");
  private static final int SEEN_CHARS_MAX = 300;

  private final Expressions expressions;

  public Checks(Expressions expressions) {
    this.expressions = expressions;
  }

  /**
   * Judges one check.
   *
   * @param vars as {@link Vars#of} makes them
   */
  public CheckResult judge(Runbook.Check check, Readings readings, Map<String, Object> vars) {
    return judge(check, readings, vars, /* wanted= */ true);
  }

  /**
   * Judges what aborts a run: FAIL when it holds, PASS when it does not.
   *
   * @param vars as {@link Vars#of} makes them
   */
  public CheckResult judgeAbort(
      Runbook.Check condition, Readings readings, Map<String, Object> vars) {
    return judge(condition, readings, vars, /* wanted= */ false);
  }

  private CheckResult judge(
      Runbook.Check check, Readings readings, Map<String, Object> vars, boolean wanted) {
    var value = expressions.evaluate(check.expression(), readings, vars);
    if (value.value() instanceof Boolean holds) {
      String seen = bounded(seen(check, value, wanted ? "wanted" : "aborts at"));
      return new CheckResult(holds == wanted ? Verdict.PASS : Verdict.FAIL, seen);
    }
    String why =
        value.value() == null
            ? value.why()
            : "it gives %s, true or false is wanted".formatted(shown(value.value()));
    return new CheckResult(Verdict.INCONCLUSIVE, bounded(why));
  }

  /**
   * Judges all of them together: FAIL when one fails, else INCONCLUSIVE when one is, else PASS. The
   * words are those of the check that decided.
   */
  public CheckResult judgeAll(
      List<Runbook.Check> checks, Readings readings, Map<String, Object> vars) {
    CheckResult worst = new CheckResult(Verdict.PASS, checks.isEmpty() ? "nothing to check" : "");
    var passed = new ArrayList<String>();
    for (Runbook.Check check : checks) {
      var result = judge(check, readings, vars);
      String named = check.name() + ": " + result.seen();
      switch (result.verdict()) {
        case FAIL -> {
          return new CheckResult(Verdict.FAIL, named);
        }
        case INCONCLUSIVE -> {
          if (worst.verdict() == Verdict.PASS) worst = new CheckResult(result.verdict(), named);
        }
        case PASS -> passed.add(named);
      }
    }
    if (worst.verdict() != Verdict.PASS || passed.isEmpty()) return worst;
    return new CheckResult(Verdict.PASS, bounded(String.join("; ", passed)));
  }

  /**
   * @param word before what the check says
   */
  private static String seen(Runbook.Check check, Expressions.Value value, String word) {
    CelExpr root = value.root();
    if (root.getKind() == Kind.CALL && COMPARISONS.containsKey(root.call().function())) {
      CelExpr left = root.call().args().get(0);
      CelExpr right = root.call().args().get(1);
      return "%s, %s %s %s"
          .formatted(
              side(left, value), word, COMPARISONS.get(root.call().function()), side(right, value));
    }
    var calls = new ArrayList<String>();
    calls(root, value, calls);
    return (calls.isEmpty() ? "" : String.join(", ", calls) + "; ")
        + word
        + " "
        + check.expression().strip();
  }

  private static String side(CelExpr expr, Expressions.Value value) {
    Object part = value.parts().get(expr.id());
    if (expr.getKind() == Kind.CONSTANT) return part == null ? Words.of(expr) : shown(part);
    return Words.of(expr) + (part == null ? "" : " = " + shown(part));
  }

  /** The calls on signals that were evaluated, with what they gave. */
  private static void calls(CelExpr expr, Expressions.Value value, List<String> into) {
    if (expr.getKind() != Kind.CALL) return;
    var call = expr.call();
    Object part = value.parts().get(expr.id());
    if (Language.WINDOW_AT.containsKey(call.function()) && part != null) {
      into.add(Words.of(expr) + " = " + shown(part));
      return;
    }
    call.args().forEach(argument -> calls(argument, value, into));
  }

  static String shown(Object value) {
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) return number.toString();
      var rounded = new BigDecimal(number).round(new MathContext(4));
      // Whole numbers of any size stay exact: 10995116 bytes are not 11000000.
      if (number == Math.rint(number) && Math.abs(number) < 1e15)
        return Long.toString(number.longValue());
      return rounded.stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value);
  }

  private static String bounded(String text) {
    return text.length() <= SEEN_CHARS_MAX ? text : text.substring(0, SEEN_CHARS_MAX) + "…";
  }
}
