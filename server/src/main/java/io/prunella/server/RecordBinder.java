package io.prunella.server;

import io.prunella.yaml.YamlMap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fills a configuration record from YAML: a component {@code requestBytesMax} is the key {@code
 * request-bytes-max}; a record inside is a mapping, a list of records a list of mappings. What is
 * absent keeps the default's value. A range that a record's constructor refuses becomes a problem
 * of the document, at the mapping's line.
 */
final class RecordBinder {
  private RecordBinder() {}

  /** The record that {@code map} describes, or {@code defaults} with a problem noted. */
  static <R extends Record> R bind(YamlMap map, R defaults) {
    var components = defaults.getClass().getRecordComponents();
    var values = new Object[components.length];
    for (int i = 0; i < components.length; i++)
      values[i] = value(map, components[i], valueOf(components[i], defaults));
    @SuppressWarnings("unchecked") // the class of defaults is R
    var type = (Class<R>) defaults.getClass();
    return make(map, type, components, values).orElse(defaults);
  }

  /** {@code requestBytesMax} is written {@code request-bytes-max}. */
  static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Object value(YamlMap map, RecordComponent component, Object otherwise) {
    String key = key(component.getName());
    return switch (otherwise) {
      case String text -> map.text(key, text);
      case Boolean flag -> map.flag(key, flag);
      case Integer n -> (int) map.whole(key, n, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case Long n -> map.whole(key, n, Long.MIN_VALUE, Long.MAX_VALUE);
      case Double n -> map.number(key, n, -Double.MAX_VALUE, Double.MAX_VALUE);
      case Float n -> (float) map.number(key, n, -Float.MAX_VALUE, Float.MAX_VALUE);
      case Duration span -> map.duration(key, span);
      case Enum<?> choice -> choice(map, key, choice);
      case Record inner -> bind(map.map(key), inner);
      case List<?> list -> map.has(key) ? list(map, key, component) : list;
      case Set<?> set -> map.has(key) ? Set.copyOf(map.texts(key)) : set;
      case Map<?, ?> texts -> map.has(key) ? map.textMap(key) : texts;
      default ->
          throw new IllegalStateException(
              "no way to read %s of type %s from YAML".formatted(component, otherwise.getClass()));
    };
  }

  private static List<?> list(YamlMap map, String key, RecordComponent component) {
    var element =
        (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    if (element == String.class) return map.texts(key);
    var records = new ArrayList<Record>();
    for (YamlMap item : map.maps(key)) bound(item, element).ifPresent(records::add);
    return records;
  }

  /**
   * One element of a list: starts from its constant {@code DEFAULTS}; without one every key is
   * needed.
   */
  private static Optional<Record> bound(YamlMap item, Class<?> type) {
    try {
      var field = type.getDeclaredField("DEFAULTS");
      field.setAccessible(true);
      return Optional.of(bind(item, (Record) field.get(null)));
    } catch (NoSuchFieldException e) {
      return needed(item, type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot read DEFAULTS of " + type, e);
    }
  }

  private static Optional<Record> needed(YamlMap item, Class<?> type) {
    var components = type.getRecordComponents();
    var values = new Object[components.length];
    boolean whole = true;
    for (int i = 0; i < components.length; i++) {
      String key = key(components[i].getName());
      if (!item.has(key)) {
        item.refuse("%s is missing".formatted(key));
        whole = false;
      }
      values[i] = value(item, components[i], nothing(components[i]));
    }
    return whole ? make(item, type, components, values).map(Record.class::cast) : Optional.empty();
  }

  private static Object nothing(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) return "";
    if (type == Duration.class) return Duration.ZERO;
    if (type == boolean.class) return false;
    if (type == int.class) return 0;
    if (type == long.class) return 0L;
    if (type == double.class) return 0.0;
    if (type == List.class) return List.of();
    if (type == Map.class) return Map.of();
    throw new IllegalStateException("%s of a list's element wants a default".formatted(component));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's class is its own type argument
  private static Object choice(YamlMap map, String key, Enum otherwise) {
    return map.choice(key, (Class<Enum>) otherwise.getDeclaringClass(), otherwise);
  }

  private static Object valueOf(RecordComponent component, Record record) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  /** The record, or nothing with a problem noted when its constructor refuses the values. */
  private static <R> Optional<R> make(
      YamlMap map, Class<R> type, RecordComponent[] components, Object[] values) {
    var types = new Class<?>[components.length];
    for (int i = 0; i < types.length; i++) types[i] = components[i].getType();
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return Optional.of(constructor.newInstance(values));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        map.refuse(String.valueOf(refused.getMessage()));
        return Optional.empty();
      }
      throw new IllegalStateException("cannot make " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }
}
