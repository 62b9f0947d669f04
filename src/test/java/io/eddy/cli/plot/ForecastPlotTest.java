package io.eddy.cli.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForecastPlotTest {
  private static final long HOUR = 3_600_000;
  private static final long ORIGIN = Instant.parse("2026-01-20T00:00:00Z").toEpochMilli();
  private static final PlotText TEXT = new PlotText("model power, version abc", "load in kW", 24);

  @Test
  void labelsEverythingOnTheSlide() throws Exception {
    String svg = plot("a < b & c", List.of(forecast(ORIGIN, "ab")));

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(svg)
        .contains("a &lt; b &amp; c: 2 hours ahead from 2026-01-20 00:00 UTC")
        .contains(
            ">model power, version abc<",
            ">load in kW<",
            ">time in UTC, 2026<",
            ">forecast origin<",
            ">actual<",
            ">median forecast<",
            ">80 % interval<",
            ">seasonal naive (1 day)<");
  }

  @Test
  void marksChangeOfVersion() {
    String svg = plot("a", List.of(forecast(ORIGIN, "ab"), forecast(ORIGIN + 2 * HOUR, "cd")));

    assertThat(svg)
        .contains(": 2 hours ahead from each of 2 origins<", ">version " + "cd".repeat(6) + "<");
  }

  @Test
  void namesAllIntervals() {
    assertThat(ForecastPlot.intervals(List.of(0.025, 0.25, 0.5, 0.75, 0.975)))
        .isEqualTo("95, 50 % intervals");
    assertThat(ForecastPlot.intervals(List.of(0.0005, 0.5, 0.9995))).isEqualTo("99.9 % interval");
  }

  @Test
  void gapInterruptsTheCurve() {
    SvgPath path = new SvgPath();
    path.add(1, 1);
    path.interrupt();
    path.add(3, 1);
    path.add(4, 2);

    assertThat(path).hasToString("M1.0 1.0h0M3.0 1.0L4.0 2.0");
  }

  @Test
  void rendersPngAtTwiceTheSize() throws IOException {
    BufferedImage image =
        ImageIO.read(
            new ByteArrayInputStream(
                PlotFile.png(plot("sensor-1", List.of(forecast(ORIGIN, "ab"))))));

    assertThat(image.getWidth()).isEqualTo(1920);
    assertThat(image.getHeight()).isEqualTo(1080);
    assertThat(image.getRGB(5, 5) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    assertThat(count(image, 0xD2600B)).as("pixels of the median").isGreaterThan(100);
    assertThat(count(image, 0x1F2D3D)).as("pixels of the actual values").isGreaterThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plot.SVG", "plot.png"})
  void acceptsSvgAndPng(String name, @TempDir Path folder) throws IOException {
    Path file = folder.resolve(name);

    PlotFile.require("--plot", file);
    PlotFile.write(file, plot("a", List.of(forecast(ORIGIN, "ab"))));

    byte[] bytes = Files.readAllBytes(file);
    assertThat(new String(bytes, 0, 4, java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo(name.endsWith("png") ? "\u0089PNG" : "<svg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plot.pdf", "plot", "svg", "plot.svg.txt"})
  void rejectsOtherEndings(String name, @TempDir Path folder) {
    assertThatThrownBy(() -> PlotFile.require("--plot", folder.resolve(name)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--plot: expected a file that ends in .svg or .png");
  }

  private static int count(BufferedImage image, int color) {
    int count = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == color ? 1 : 0;
      }
    }
    return count;
  }

  private static Forecast forecast(long originMs, String version) {
    return new Forecast(
        new Forecast.Origin(
            "a",
            originMs,
            Interval.ofMillis(HOUR),
            new Forecast.Served(new ModelVersion(version.repeat(32)), 3),
            true),
        List.of(0.1, 0.5, 0.9),
        0,
        new double[] {1, 2, 3, 1.5, 2.25, 4});
  }

  private static String plot(String name, List<Forecast> forecasts) {
    long[] times = new long[72];
    double[] values = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = ORIGIN + (i - 68) * HOUR;
      values[i] = Math.sin(i / 4.0);
    }
    Sampling sampling = new Sampling(Duration.ofHours(1), Aggregation.FIRST, 24);
    PlottedSeries series = PlottedSeries.of(new SeriesData(name, times, values), sampling);
    return new ForecastPlot(series, forecasts, TEXT, 24).svg();
  }
}
