package io.prunella.runbook;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelLateFunctionBindings;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CEL with our functions and variables: one table of overloads, from which the compiler's
 * declarations and each evaluation's bindings are made, so that they cannot part.
 */
final class Language {
  private static final int REGEX_SIZE_MAX = 1_000;
  private static final CelType TEXT = SimpleType.STRING;
  private static final CelType REAL = SimpleType.DOUBLE;
  private static final CelType WHOLE = SimpleType.INT;

  /** The functions whose first argument is a signal's name; {@code windowAt} -1: takes none. */
  static final Map<String, Integer> WINDOW_AT =
      Map.of(
          "last",
          -1,
          "share",
          -1,
          "before",
          -1,
          "absent",
          -1,
          "count",
          -1,
          "avg",
          1,
          "max",
          1,
          "min",
          1,
          "rate",
          1,
          "quantile",
          2);

  private static final Map<String, String> OPERATORS =
      Map.of(
          "_+_",
          "add",
          "_-_",
          "subtract",
          "_*_",
          "multiply",
          "_/_",
          "divide",
          "_==_",
          "equals",
          "_!=_",
          "not_equals");
  private static final List<Overload> OVERLOADS = overloads();

  private Language() {}

  private interface Body {
    Object apply(SignalFunctions signals, Object[] arguments) throws CelEvaluationException;
  }

  private record Overload(String function, CelType result, List<CelType> types, Body body) {
    String id() {
      var id = new StringBuilder("prunella_").append(OPERATORS.getOrDefault(function, function));
      types.forEach(type -> id.append('_').append(type.name()));
      return id.toString();
    }
  }

  static CelCompiler compiler(ExpressionConfig config) {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(options(config))
        .setStandardMacros(CelStandardMacro.HAS) // no loops: what is not there needs no budget
        .addFunctionDeclarations(declarations())
        .addVar("target", MapType.create(TEXT, SimpleType.DYN))
        .addVar("snapshot", MapType.create(TEXT, TEXT))
        .addVar("params", MapType.create(TEXT, SimpleType.DYN))
        .addVar("incident", MapType.create(TEXT, SimpleType.DYN))
        .build();
  }

  static CelRuntime runtime(ExpressionConfig config) {
    return CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options(config)).build();
  }

  /** The functions, bound to the readings of one evaluation. */
  @SuppressWarnings("Immutable") // they live for one evaluation, on one thread
  static CelLateFunctionBindings bind(SignalFunctions signals) {
    var bindings = new ArrayList<CelFunctionBinding>();
    for (Overload overload : OVERLOADS) {
      var types = new ArrayList<Class<?>>();
      overload.types().forEach(type -> types.add(javaType(type)));
      bindings.add(
          CelFunctionBinding.from(
              overload.id(), types, arguments -> overload.body().apply(signals, arguments)));
    }
    return CelLateFunctionBindings.from(bindings);
  }

  private static CelOptions options(ExpressionConfig config) {
    return CelOptions.current()
        .maxExpressionCodePointSize(config.charsMax())
        .maxParseRecursionDepth(config.depthMax())
        .maxParseExpressionNodeCount(config.nodesMax())
        .maxRegexProgramSize(REGEX_SIZE_MAX)
        .enableComprehension(false)
        .enableHeterogeneousNumericComparisons(true)
        .build();
  }

  private static Class<?> javaType(CelType type) {
    if (type.equals(TEXT)) return String.class;
    return type.equals(REAL) ? Double.class : Long.class;
  }

  private static List<CelFunctionDecl> declarations() {
    var byFunction = new LinkedHashMap<String, List<CelOverloadDecl>>();
    for (Overload overload : OVERLOADS) {
      byFunction
          .computeIfAbsent(overload.function(), _ -> new ArrayList<>())
          .add(newGlobalOverload(overload.id(), overload.result(), overload.types()));
    }
    var declarations = new ArrayList<CelFunctionDecl>();
    byFunction.forEach((name, all) -> declarations.add(newFunctionDeclaration(name, all)));
    return declarations;
  }

  private static List<Overload> overloads() {
    var all = new ArrayList<Overload>();
    signal(all, "last", REAL, List.of(TEXT), (s, a) -> s.last(text(a, 0), metric(a, 1)));
    signal(all, "share", REAL, List.of(TEXT), (s, a) -> s.share(text(a, 0), metric(a, 1)));
    signal(all, "before", REAL, List.of(TEXT), (s, a) -> s.before(text(a, 0), metric(a, 1)));
    signal(
        all,
        "absent",
        SimpleType.BOOL,
        List.of(TEXT),
        (s, a) -> s.absent(text(a, 0), metric(a, 1)));
    signal(all, "count", WHOLE, List.of(TEXT), (s, a) -> s.count(text(a, 0), metric(a, 1)));
    var windowed = List.of(TEXT, TEXT);
    signal(all, "avg", REAL, windowed, (s, a) -> s.avg(text(a, 0), text(a, 1), metric(a, 2)));
    signal(all, "max", REAL, windowed, (s, a) -> s.max(text(a, 0), text(a, 1), metric(a, 2)));
    signal(all, "min", REAL, windowed, (s, a) -> s.min(text(a, 0), text(a, 1), metric(a, 2)));
    signal(all, "rate", REAL, windowed, (s, a) -> s.rate(text(a, 0), text(a, 1), metric(a, 2)));
    signal(
        all,
        "quantile",
        REAL,
        List.of(TEXT, REAL, TEXT),
        (s, a) -> s.quantile(text(a, 0), number(a, 1), text(a, 2), metric(a, 3)));
    for (var first : List.of(WHOLE, REAL)) {
      add(all, "floor", REAL, List.of(first), (_, a) -> Math.floor(number(a, 0)));
      add(all, "ceil", REAL, List.of(first), (_, a) -> Math.ceil(number(a, 0)));
      for (var second : List.of(WHOLE, REAL)) {
        boolean whole = first.equals(WHOLE) && second.equals(WHOLE);
        var result = whole ? WHOLE : REAL;
        var both = List.of(first, second);
        add(all, "min", result, both, (_, a) -> smaller(a, whole));
        add(all, "max", result, both, (_, a) -> larger(a, whole));
      }
    }
    add(all, "json", TEXT, List.of(TEXT), (_, a) -> quoted(text(a, 0)));
    mixed(all, WHOLE, REAL);
    mixed(all, REAL, WHOLE);
    return List.copyOf(all);
  }

  /** A JSON string with its quotes: what a label says cannot become JSON of its own. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }

  // Boxed by hand: ?: over a long and a double would make both a double.
  private static Object smaller(Object[] a, boolean whole) {
    if (whole) return Math.min((Long) a[0], (Long) a[1]);
    return Math.min(number(a, 0), number(a, 1));
  }

  private static Object larger(Object[] a, boolean whole) {
    if (whole) return Math.max((Long) a[0], (Long) a[1]);
    return Math.max(number(a, 0), number(a, 1));
  }

  /** With and without a metric's name at the end. */
  private static void signal(
      List<Overload> all, String function, CelType result, List<CelType> types, Body body) {
    add(all, function, result, types, body);
    var named = new ArrayList<>(types);
    named.add(TEXT);
    add(all, function, result, named, body);
  }

  private static void add(
      List<Overload> all, String function, CelType result, List<CelType> types, Body body) {
    all.add(new Overload(function, result, List.copyOf(types), body));
  }

  /**
   * CEL itself refuses {@code 2 * 0.5} and {@code 0.5 == 1}; with readings that are fractions and
   * numbers written by people, that would only be a trap.
   */
  private static void mixed(List<Overload> all, CelType first, CelType second) {
    var both = List.of(first, second);
    add(all, "_+_", REAL, both, (_, a) -> number(a, 0) + number(a, 1));
    add(all, "_-_", REAL, both, (_, a) -> number(a, 0) - number(a, 1));
    add(all, "_*_", REAL, both, (_, a) -> number(a, 0) * number(a, 1));
    add(all, "_/_", REAL, both, (_, a) -> number(a, 0) / number(a, 1));
    add(all, "_==_", SimpleType.BOOL, both, (_, a) -> number(a, 0) == number(a, 1));
    add(all, "_!=_", SimpleType.BOOL, both, (_, a) -> number(a, 0) != number(a, 1));
  }

  private static String text(Object[] arguments, int at) {
    return (String) arguments[at];
  }

  private static double number(Object[] arguments, int at) {
    return ((Number) arguments[at]).doubleValue();
  }

  private static @Nullable String metric(Object[] arguments, int at) {
    return arguments.length > at ? (String) arguments[at] : null;
  }
}
