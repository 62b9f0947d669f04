package io.eddy.cli.plot;

/** A line of samples and their names, from left to right. */
final class Legend {
  private static final int SAMPLE_WIDTH = 26;
  private static final int SAMPLE_GAP = 7;
  private static final int ITEM_GAP = 22;
  private static final double CHARACTER_WIDTH = 0.56;

  private final Svg svg;
  private final double baseline;
  private double x;

  /** Starts a line at {@code x}. */
  Legend(Svg svg, double x, double baseline) {
    this.svg = svg;
    this.x = x;
    this.baseline = baseline;
  }

  /** Adds a line sample. */
  void line(String color, double width, String dashes, String name) {
    SvgPath sample = new SvgPath();
    sample.add(x, baseline - 5);
    sample.add(x + SAMPLE_WIDTH, baseline - 5);
    svg.curve(sample, color, width, dashes);
    name(SAMPLE_WIDTH, name);
  }

  /** Adds a sample of each of several layers of an area, from the outermost to the innermost. */
  void layers(String color, double opacity, int layers, String name) {
    int width = Math.max(SAMPLE_WIDTH / 2, SAMPLE_WIDTH / layers);
    double accumulated = 0;
    for (int layer = 0; layer < layers; layer++) {
      accumulated += (1 - accumulated) * opacity;
      svg.rectangle(x + layer * width, baseline - 12, width, 14, color, accumulated);
    }
    name(width * layers, name);
  }

  private void name(int sampleWidth, String name) {
    x += sampleWidth + SAMPLE_GAP;
    svg.text(x, baseline, Svg.START, name);
    x += name.length() * Svg.FONT_SIZE * CHARACTER_WIDTH + ITEM_GAP;
  }
}
