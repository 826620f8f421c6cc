package io.prunella.journal;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records as JSON in one way only: keys sorted, no space, times in ISO 8601, a number that is none
 * as {@code "NaN"}. What is written is compared, hashed and read by later versions. Any thread.
 */
public final class CanonicalJson {
  private final JsonMapper mapper;

  /**
   * @param mixins annotations for types that bear none themselves
   */
  public CanonicalJson(Map<Class<?>, Class<?>> mixins) {
    var builder =
        JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .changeDefaultVisibility(all ->
                all.withVisibility(
                        com.fasterxml.jackson.annotation.PropertyAccessor.ALL, Visibility.NONE)
                    .withVisibility(
                        com.fasterxml.jackson.annotation.PropertyAccessor.FIELD, Visibility.ANY)
                    .withVisibility(
                        com.fasterxml.jackson.annotation.PropertyAccessor.CREATOR, Visibility.ANY));
    mixins.forEach(builder::addMixIn);
    mapper = builder.build();
  }

  public String write(Object value) {
    return mapper.writeValueAsString(value);
  }

  /**
   * @throws IllegalArgumentException when it is not JSON of this type
   */
  public <T> T read(String json, Class<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not JSON of %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
    }
  }

  /** SHA-256 of the JSON, hex. */
  public String digest(Object value) {
    byte[] json = write(value).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Seal.sha256().digest(json));
  }
}
