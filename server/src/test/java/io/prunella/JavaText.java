package io.prunella;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of one Java file, read without a compiler: comments and literals blanked out, types and
 * methods found by their braces. It knows as much of Java as formatted code needs.
 */
final class JavaText {
  /** A type's name and the line of its declaration, from 1. */
  record Type(String name, int line) {}

  /** A method, constructor or initializer: lines from 1, both ends included. */
  record Method(String header, int firstLine, int bodyLine, int lastLine) {
    int lines() {
      return lastLine - firstLine + 1;
    }
  }

  private enum Kind {
    TYPE,
    METHOD,
    OTHER
  }

  private record Block(Kind kind, String header, int headerLine, int parens, int line) {}

  private static final Pattern TYPE =
      Pattern.compile("(?:^|[\\s)])(?:class|interface|enum|record)\\s+(\\w+)");
  private static final Pattern CONTROL =
      Pattern.compile("^(if|for|while|switch|try|catch|synchronized|else|do|finally)\\b.*");
  private static final Pattern ANONYMOUS = Pattern.compile("\\bnew\\s+[\\w.<>?,\\s@]+\\(.*\\)$");
  private static final Pattern ENUM_CONSTANT =
      Pattern.compile("^,?\\s*[A-Z][A-Z0-9_]*\\s*(\\(.*\\))?$");

  private final String code;
  private final List<Type> types = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();

  JavaText(String text) {
    code = blank(text);
    findBlocks();
  }

  /** The text with comments and the insides of literals as spaces; lines stay where they were. */
  String code() {
    return code;
  }

  List<Type> types() {
    return types;
  }

  List<Method> methods() {
    return methods;
  }

  private static String blank(String text) {
    var out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = at;
      if (text.startsWith("//", at)) {
        end = before(text, "\n", at);
      } else if (text.startsWith("/*", at)) {
        end = after(text, "*/", at + 2);
      } else if (text.startsWith("\"\"\"", at)) {
        end = after(text, "\"\"\"", at + 3);
      } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
        end = literalEnd(text, at);
      }
      if (end == at) {
        out.append(text.charAt(at++));
      }
      for (; at < end; at++) {
        out.append(text.charAt(at) == '\n' ? '\n' : ' ');
      }
    }
    return out.toString();
  }

  private static int before(String text, String end, int from) {
    int found = text.indexOf(end, from);
    return found < 0 ? text.length() : found;
  }

  private static int after(String text, String end, int from) {
    int found = text.indexOf(end, from);
    while (found > 0 && end.startsWith("\"") && text.charAt(found - 1) == '\\') {
      found = text.indexOf(end, found + 1);
    }
    return found < 0 ? text.length() : found + end.length();
  }

  private static int literalEnd(String text, int start) {
    char quote = text.charAt(start);
    int at = start + 1;
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, text.length());
  }

  /*
   * A header is the text between the last ; { or } and a {. What kind of block the brace opens
   * follows from its header and from the block around it. A brace inside parentheses (a lambda, an
   * annotation's list) does not end the header that it stands in.
   */
  private void findBlocks() {
    Deque<Block> open = new ArrayDeque<>();
    var header = new StringBuilder();
    int headerLine = 1;
    int parens = 0;
    int line = 1;
    for (int at = 0; at < code.length(); at++) {
      char c = code.charAt(at);
      if (c == '{') {
        String words = header.toString().strip();
        open.push(new Block(kind(open.peek(), words, parens), words, headerLine, parens, line));
        header.setLength(0);
        parens = 0;
      } else if (c == '}' && !open.isEmpty()) {
        Block closed = open.pop();
        remember(closed, line);
        header.setLength(0);
        parens = closed.parens;
        if (parens > 0) {
          header.append(closed.header);
          headerLine = closed.headerLine;
        }
      } else if (c == ';' && parens == 0) {
        header.setLength(0);
      } else {
        if (header.isEmpty() && !Character.isWhitespace(c)) {
          headerLine = line;
        }
        if (!header.isEmpty() || !Character.isWhitespace(c)) {
          header.append(Character.isWhitespace(c) ? ' ' : c);
        }
        parens += c == '(' ? 1 : c == ')' ? -1 : 0;
      }
      line += c == '\n' ? 1 : 0;
    }
  }

  private Kind kind(@Nullable Block around, String header, int parens) {
    boolean inType = around == null || around.kind == Kind.TYPE;
    if (CONTROL.matcher(header).matches()) {
      return Kind.OTHER;
    }
    if (parens > 0) {
      return ANONYMOUS.matcher(header).find() ? Kind.TYPE : Kind.OTHER;
    }
    Matcher type = TYPE.matcher(header);
    if (type.find()) {
      return Kind.TYPE;
    }
    if (ANONYMOUS.matcher(header).find() || (inType && ENUM_CONSTANT.matcher(header).matches())) {
      return Kind.TYPE;
    }
    boolean initializer = (header.contains("=") && !header.contains(")")) || header.contains("->");
    return inType && !initializer ? Kind.METHOD : Kind.OTHER;
  }

  private void remember(Block block, int lastLine) {
    if (block.kind == Kind.METHOD) {
      methods.add(new Method(block.header, block.headerLine, block.line, lastLine));
    } else if (block.kind == Kind.TYPE) {
      Matcher type = TYPE.matcher(block.header);
      if (type.find()) {
        types.add(new Type(type.group(1), block.headerLine));
      }
    }
  }
}
