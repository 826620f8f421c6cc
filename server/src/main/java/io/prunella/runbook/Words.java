package io.prunella.runbook;

import dev.cel.common.ast.CelExpr;
import java.util.Map;
import java.util.stream.Collectors;

/** An expression as a person would write it: {@code share(memory)}, without quotes. */
final class Words {
  private static final Map<String, String> BINARY =
      Map.ofEntries(
          Map.entry("_+_", "+"),
          Map.entry("_-_", "-"),
          Map.entry("_*_", "*"),
          Map.entry("_/_", "/"),
          Map.entry("_%_", "%"),
          Map.entry("_<_", "<"),
          Map.entry("_<=_", "<="),
          Map.entry("_>_", ">"),
          Map.entry("_>=_", ">="),
          Map.entry("_==_", "=="),
          Map.entry("_!=_", "!="),
          Map.entry("_&&_", "and"),
          Map.entry("_||_", "or"),
          Map.entry("@in", "in"));

  private Words() {}

  static String of(CelExpr expr) {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr);
      case IDENT -> expr.ident().name();
      case SELECT -> of(expr.select().operand()) + "." + expr.select().field();
      case CALL -> call(expr.call());
      default -> "…";
    };
  }

  private static String constant(CelExpr expr) {
    var constant = expr.constant();
    return switch (constant.getKind()) {
      case STRING_VALUE -> constant.stringValue();
      case DOUBLE_VALUE -> Checks.shown(constant.doubleValue());
      case INT64_VALUE -> Long.toString(constant.int64Value());
      case BOOLEAN_VALUE -> Boolean.toString(constant.booleanValue());
      default -> "…";
    };
  }

  private static String call(CelExpr.CelCall call) {
    String operator = BINARY.get(call.function());
    var args = call.args();
    if (operator != null && args.size() == 2) {
      return "%s %s %s".formatted(of(args.get(0)), operator, of(args.get(1)));
    }
    if (call.function().equals("_[_]")) return of(args.get(0)) + "." + of(args.get(1));
    if (call.function().equals("!_")) return "not " + of(args.get(0));
    if (call.function().equals("-_")) return "-" + of(args.get(0));
    if (call.function().equals("_?_:_")) {
      return "%s ? %s : %s".formatted(of(args.get(0)), of(args.get(1)), of(args.get(2)));
    }
    String list = args.stream().map(Words::of).collect(Collectors.joining(", "));
    String on = call.target().map(target -> of(target) + ".").orElse("");
    return on + call.function() + "(" + list + ")";
  }
}
