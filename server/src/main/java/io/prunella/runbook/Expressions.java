package io.prunella.runbook;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.prunella.signal.Signal;
import io.prunella.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The expression language of runbooks: CEL over the recent signals of the culprit. Type-checked
 * before it runs, without loops, bounded in size and depth. Any thread; compiled expressions are
 * kept, up to a limit.
 *
 * <p>Source: Common Expression Language, github.com/google/cel-spec. {@code a || b} is true when
 * either is, also when the other has no data, and {@code a && b} false likewise: then the missing
 * one could not have changed the answer. Everything else that touches missing data has none.
 */
public final class Expressions {
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "target",
          Set.of("service", "kind", "role", "environment", "cacheOnly", "address", "labels"),
          "incident",
          Set.of("id", "pattern", "confidence", "seconds"));
  private static final Duration WINDOW_MAX = Duration.ofHours(2); // as much as is kept

  private final ExpressionConfig config;
  private final CelCompiler compiler;
  private final CelRuntime runtime;
  private final Map<String, Compiled> kept = new ConcurrentHashMap<>();

  public Expressions(ExpressionConfig config) {
    this.config = config;
    this.compiler = Language.compiler(config);
    this.runtime = Language.runtime(config);
  }

  /** An expression ready to run, or what is wrong with it. */
  private record Compiled(
      @Nullable CelAbstractSyntaxTree ast,
      CelRuntime.@Nullable Program program,
      List<String> problems) {}

  /**
   * What came out of one evaluation.
   *
   * @param value null when there is none; then {@code why} says why
   * @param root the expression's tree
   * @param parts the value of each part that was evaluated, by its id in the tree
   */
  record Value(@Nullable Object value, String why, CelExpr root, Map<Long, Object> parts) {}

  /** What is wrong with a check; empty when it is well. Nothing is evaluated. */
  public List<String> check(String expression) {
    return problems(expression, /* wantsTruth= */ true, null);
  }

  /**
   * What is wrong with an expression.
   *
   * @param wantsTruth it must be true or false; else text or a number will do
   * @param params the parameters that there are; null: any
   */
  List<String> problems(String expression, boolean wantsTruth, @Nullable Set<String> params) {
    Compiled compiled = compile(expression);
    if (compiled.ast() == null) return compiled.problems();
    var problems = new ArrayList<>(compiled.problems());
    var type = compiled.ast().getResultType();
    if (wantsTruth && !type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
      problems.add("it gives %s, true or false is wanted".formatted(type.name()));
    }
    if (params != null) {
      CelNavigableAst.fromAst(compiled.ast())
          .getRoot()
          .allNodes()
          .forEach(node -> field(node, "params", params, problems));
    }
    return problems;
  }

  /**
   * Evaluates it.
   *
   * @throws IllegalArgumentException when it was never checked and is wrong
   */
  Value evaluate(String expression, Readings readings, Map<String, Object> vars) {
    Compiled compiled = compile(expression);
    if (compiled.ast() == null || compiled.program() == null || !compiled.problems().isEmpty()) {
      throw new IllegalArgumentException(
          "expression %s: %s".formatted(expression, String.join("; ", compiled.problems())));
    }
    var signals = new SignalFunctions(readings, config);
    var parts = new LinkedHashMap<Long, Object>();
    var root = compiled.ast().getExpr();
    try {
      Object value =
          compiled.program().trace(vars, Language.bind(signals), (e, v) -> parts.put(e.id(), v));
      for (Object part : parts.values()) {
        if (part instanceof Double number && !Double.isFinite(number)) {
          return new Value(null, "a part of it is not a number (divided by zero?)", root, parts);
        }
      }
      return new Value(value, "", root, parts);
    } catch (CelEvaluationException e) {
      String why =
          signals.missing().isEmpty() ? plain(e.getMessage()) : signals.missing().getFirst();
      return new Value(null, why, root, parts);
    }
  }

  private Compiled compile(String expression) {
    Compiled found = kept.get(expression);
    if (found != null) return found;
    Compiled made = make(expression);
    if (kept.size() >= config.cacheMax()) kept.clear(); // full: begin again, it is only speed
    kept.put(expression, made);
    return made;
  }

  private Compiled make(String expression) {
    if (expression.length() > config.charsMax()) {
      return refused(
          "it has %d characters, at most %d are wanted"
              .formatted(expression.length(), config.charsMax()));
    }
    if (expression.isBlank()) return refused("it is empty");
    try {
      var ast = compiler.compile(expression).getAst();
      var problems = new ArrayList<String>();
      CelNavigableAst.fromAst(ast)
          .getRoot()
          .allNodes()
          .forEach(node -> {
            signalCall(node, problems);
            FIELDS.forEach((name, fields) -> field(node, name, fields, problems));
          });
      return new Compiled(ast, (CelRuntime.Program) runtime.createProgram(ast), problems);
    } catch (CelValidationException e) {
      return new Compiled(null, null, e.getErrors().stream().map(Expressions::told).toList());
    } catch (CelEvaluationException e) {
      return refused(plain(e.getMessage()));
    }
  }

  private static Compiled refused(String why) {
    return new Compiled(null, null, List.of(why));
  }

  private static String told(CelIssue issue) {
    String message = issue.getMessage();
    return "column %d: %s".formatted(issue.getSourceLocation().getColumn() + 1, message);
  }

  private static String plain(@Nullable String message) {
    if (message == null) return "it cannot be evaluated";
    return message.replaceFirst("^evaluation error[^:]*(:\\d+)?: ", "");
  }

  /** A signal's name and a window must be written out, so that they are known to be right now. */
  private static void signalCall(CelNavigableExpr node, List<String> problems) {
    if (node.expr().getKind() != Kind.CALL) return;
    var call = node.expr().call();
    Integer windowAt = Language.WINDOW_AT.get(call.function());
    if (windowAt == null || call.target().isPresent() || call.args().isEmpty()) return;
    String signal = constant(call.args().get(0));
    if (signal == null) {
      if (call.function().equals("min") || call.function().equals("max")) return; // of numbers
      problems.add("%s(…) wants a signal's name written out".formatted(call.function()));
    } else if (SignalFunctions.signal(signal) == null) {
      problems.add(
          "%s(\"%s\") names no signal, wanted one of %s"
              .formatted(call.function(), signal, signalNames()));
    }
    if (windowAt < 0 || call.args().size() <= windowAt) return;
    String window = constant(call.args().get(windowAt));
    if (window == null
        || YamlMap.span(window).filter(w -> w.isPositive() && !longer(w)).isEmpty()) {
      problems.add(
          "%s(\"%s\", …) has the window %s, wanted a time span written out, up to 2h, such as \"5m\""
              .formatted(call.function(), signal, window == null ? "(computed)" : window));
    }
    if (call.function().equals("quantile")) quantile(call.args().get(1), problems);
  }

  private static boolean longer(Duration window) {
    return window.compareTo(WINDOW_MAX) > 0;
  }

  private static void quantile(CelExpr expr, List<String> problems) {
    if (expr.getKind() != Kind.CONSTANT) return;
    if (expr.constant().getKind() != CelConstant.Kind.DOUBLE_VALUE) return;
    double q = expr.constant().doubleValue();
    if (q < 0 || q > 1) problems.add("quantile %s is asked, 0.0 to 1.0 is wanted".formatted(q));
  }

  private static void field(
      CelNavigableExpr node, String variable, Set<String> known, List<String> problems) {
    String field = null;
    if (node.expr().getKind() == Kind.SELECT
        && isVariable(node.expr().select().operand(), variable)) {
      field = node.expr().select().field();
    } else if (node.expr().getKind() == Kind.CALL
        && node.expr().call().function().equals("_[_]")
        && isVariable(node.expr().call().args().get(0), variable)) {
      field = constant(node.expr().call().args().get(1));
    }
    if (field == null || known.contains(field)) return;
    problems.add(
        "%s.%s is not known, wanted one of %s"
            .formatted(
                variable,
                field,
                known.isEmpty() ? "none" : String.join(", ", new java.util.TreeSet<>(known))));
  }

  private static boolean isVariable(CelExpr expr, String name) {
    return expr.getKind() == Kind.IDENT && expr.ident().name().equals(name);
  }

  private static @Nullable String constant(CelExpr expr) {
    if (expr.getKind() != Kind.CONSTANT) return null;
    if (expr.constant().getKind() != CelConstant.Kind.STRING_VALUE) return null;
    return expr.constant().stringValue();
  }

  static String signalNames() {
    return Arrays.stream(Signal.values())
        .map(signal -> signal.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
