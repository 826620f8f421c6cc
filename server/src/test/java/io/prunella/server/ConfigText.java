package io.prunella.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a configuration record as YAML, each key with what its Javadoc says of it. */
final class ConfigText {
  /** Depends on the machine, so the file leaves it out. */
  private static final List<String> BY_MACHINE = List.of("shards");

  private ConfigText() {}

  static String of(Config config) {
    var text =
        new StringBuilder(
            "# Every key with its default. What a file does not say stays as it is here.\n");
    for (RecordComponent component : Config.class.getRecordComponents()) {
      text.append('\n');
      write(text, component, value(component, config), "");
    }
    return text.toString();
  }

  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("server")) ? here : here.getParent();
  }

  private static void write(
      StringBuilder text, RecordComponent component, Object value, String indent) {
    String key = RecordBinder.key(component.getName());
    String doc = doc(component);
    if (BY_MACHINE.contains(key)) {
      text.append(indent)
          .append("# ")
          .append(key)
          .append(": by the machine's cores; ")
          .append(doc)
          .append('\n');
      return;
    }
    if (value instanceof Record inner) {
      text.append(indent).append(key).append(":\n");
      for (RecordComponent part : inner.getClass().getRecordComponents()) {
        write(text, part, value(part, inner), indent + "  ");
      }
      return;
    }
    if (!doc.isEmpty()) text.append(indent).append("# ").append(doc).append('\n');
    text.append(indent).append(key).append(": ").append(scalar(value)).append('\n');
  }

  private static String scalar(Object value) {
    return switch (value) {
      case String text -> "\"" + text + "\"";
      case Duration span -> span(span);
      case Enum<?> choice -> io.prunella.yaml.YamlMap.hyphenated(choice);
      case Collection<?> items ->
          "[" + String.join(", ", items.stream().map(String::valueOf).sorted().toList()) + "]";
      case Map<?, ?> map when map.isEmpty() -> "{}";
      default -> value.toString();
    };
  }

  private static String span(Duration span) {
    long ms = span.toMillis();
    if (ms % 3_600_000 == 0) return ms / 3_600_000 + "h";
    if (ms % 60_000 == 0) return ms / 60_000 + "m";
    return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
  }

  /** What {@code @param} says of a component in its record's source. */
  private static String doc(RecordComponent component) {
    Class<?> type = component.getDeclaringRecord();
    Class<?> outer = type.getNestHost();
    String source = source(outer);
    int at = source.indexOf("record " + type.getSimpleName() + "(");
    String before = source.substring(Math.max(0, source.lastIndexOf("/**", at)), Math.max(0, at));
    var param =
        Pattern.compile(
                "@param " + component.getName() + "\\s+(.*?)(?=@param|\\*/)", Pattern.DOTALL)
            .matcher(before);
    if (!param.find()) return "";
    return param
        .group(1)
        .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
        .replaceAll("\\{@\\w+ ([^}]*)}", "$1")
        .strip();
  }

  private static String source(Class<?> type) {
    String file = "src/main/java/" + type.getName().replace('.', '/') + ".java";
    for (String module : List.of("detector", "server")) {
      Path path = root().resolve(module).resolve(file);
      if (!Files.exists(path)) continue;
      try {
        return Files.readString(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("there is no source of " + type);
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
