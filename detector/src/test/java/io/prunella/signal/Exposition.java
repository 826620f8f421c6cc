package io.prunella.signal;

import io.prunella.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Series of an exporter's page as kept under {@code exporters/}, with the labels that a scrape
 * adds.
 */
record Exposition(String type, Labels labels) {
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"([^\"]*)\"");

  static List<Exposition> read(String name, String... scraped) {
    var all = new ArrayList<Exposition>();
    String type = "";
    for (String line : text(name).lines().toList()) {
      if (line.startsWith("# TYPE")) type = line.split(" ")[3];
      if (line.isEmpty() || line.startsWith("#")) continue;
      var labels = new LinkedHashMap<String, String>();
      for (int i = 0; i < scraped.length; i += 2) labels.put(scraped[i], scraped[i + 1]);
      labels.put(Labels.NAME, line.split("[{ ]")[0]);
      var found = LABEL.matcher(line);
      while (found.find()) labels.put(found.group(1), found.group(2));
      all.add(new Exposition(type, Labels.of(labels)));
    }
    return all;
  }

  private static String text(String name) {
    try (var in = Exposition.class.getResourceAsStream("/exporters/" + name + ".txt")) {
      if (in == null) throw new IllegalArgumentException("no page of " + name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
