package io.prunella.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.prunella.train.Labelled;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlotTest {
  private static Document read(String svg) throws Exception {
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    return builder.parse(new InputSource(new StringReader(svg)));
  }

  private static double[] numbers(int count) {
    return IntStream.range(0, count).asDoubleStream().toArray();
  }

  /** Heights of all strokes of the first line. */
  private static double[] heights(String svg) {
    var path = Pattern.compile("<path d=\"([^\"]*)\" stroke=\"#2a6fb8\"").matcher(svg);
    assertThat(path.find()).as(svg).isTrue();
    var point = Pattern.compile("[ML][\\d.]+ ([\\d.]+)|V([\\d.]+)").matcher(path.group(1));
    return point
        .results()
        .mapToDouble(p -> Double.parseDouble(p.group(1) != null ? p.group(1) : p.group(2)))
        .toArray();
  }

  @Test
  void svg_everyMark_isWellFormed() throws Exception {
    double[] x = numbers(50);
    String svg =
        new Plot("Loads & <limits>", Plot.Axis.LINEAR)
            .panel("first", 100)
            .shade("odd", Plot.SAND, List.of(new double[] {3, 9}))
            .band("band", Plot.GREY, x, x, numbers(50))
            .line("line", Plot.BLUE, x, x)
            .level("", Plot.ORANGE, 20)
            .panel("second", 100)
            .dots("dots", Plot.GREEN, x, x)
            .steps("steps", Plot.PURPLE, x, x)
            .under("samples")
            .svg();
    var root = read(svg).getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("svg");
    assertThat(root.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("Loads & <limits>");
    assertThat(root.getElementsByTagName("circle").getLength()).isEqualTo(50);
  }

  @Test
  void svg_nothingDrawn_isStillADrawing() throws Exception {
    for (Plot.Axis axis : Plot.Axis.values()) {
      var none = new double[] {Double.NaN};
      String svg = new Plot("none", axis).line("", Plot.BLUE, none, none).svg();
      assertThat(read(svg).getElementsByTagName("svg").getLength()).isOne();
      assertThat(svg).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void svg_twoOnAPage_shareNoNames() {
    var names = Pattern.compile("<clipPath id=\"([^\"]+)\"");
    var found = new java.util.ArrayList<String>();
    for (String title : List.of("one", "two")) {
      String svg =
          new Plot(title, Plot.Axis.LINEAR).line("", Plot.BLUE, numbers(3), numbers(3)).svg();
      names.matcher(svg).results().forEach(name -> found.add(name.group(1)));
    }
    assertThat(found).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void line_manyMorePointsThanPixels_isSmallAndKeepsItsSpike() {
    var y = new double[200_000];
    y[123_457] = 1;
    String svg =
        new Plot("spike", Plot.Axis.LINEAR).line("", Plot.BLUE, numbers(y.length), y).svg();
    assertThat(svg.length()).isLessThan(40_000);
    double[] heights = heights(svg);
    assertThat(
            Arrays.stream(heights).max().orElseThrow() - Arrays.stream(heights).min().orElseThrow())
        .as("from foot to spike, of 220 pixels")
        .isBetween(190.0, 210.0);
  }

  @Test
  void line_noNumber_isAGap() {
    var y = numbers(10);
    y[5] = Double.NaN;
    String svg = new Plot("gap", Plot.Axis.LINEAR).line("", Plot.BLUE, numbers(10), y).svg();
    var path = Pattern.compile("<path d=\"([^\"]*)\" stroke=\"#2a6fb8\"").matcher(svg);
    assertThat(path.find()).isTrue();
    assertThat(path.group(1).chars().filter(c -> c == 'M').count()).isEqualTo(2);
  }

  @Test
  void line_otherLengths_saysWhich() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Plot("", Plot.Axis.LINEAR).line("load", "", numbers(3), numbers(4)))
        .withMessage("\"load\" has 3 places and 4 values, wanted as many");
  }

  @Test
  void labelled_segments_reachTheRowBehindThem() {
    var series =
        new Labelled(
            "a",
            new long[] {0, 10, 20, 30, 40},
            new double[5],
            List.of(new Labelled.Segment(1, 2), new Labelled.Segment(4, 4)),
            0);
    assertThat(Plot.labelled(series)).containsExactly(new double[] {10, 30}, new double[] {40, 40});
  }

  @Test
  void ladderAndHeat_areWellFormedAndHoldTheirNumbers() throws Exception {
    var columns =
        List.of(new Ladder.Column("ours", Plot.BLUE), new Ladder.Column("a&b", Plot.GREY));
    String ladder =
        new Ladder("Files", "points", columns)
            .range(0, 100)
            .rung("one", 50, Double.NaN)
            .rung("two", -40, 100)
            .svg();
    int keys = 2;
    assertThat(read(ladder).getElementsByTagName("circle").getLength()).isEqualTo(keys + 3);
    String heat = new Heat("Seen", List.of("x", "y")).row("a", 0.25, Double.NaN).svg();
    read(heat);
    assertThat(heat).contains(">0.25<").doesNotContain("NaN");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Heat("Seen", List.of("x")).row("a", 1, 2))
        .withMessage("a has 2 numbers, wanted 1");
  }
}
