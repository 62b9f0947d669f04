package io.eddy.cli.terminal;

import java.nio.charset.Charset;

/** A line of bars of different heights, one character for each value. */
public final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String ASCII = "_.-:=+*#";

  private final String bars;
  private final double low;
  private final double high;

  /** Creates a line with a scale from {@code low} to {@code high}. */
  public Sparkline(double low, double high) {
    this(isUnicode() ? BLOCKS : ASCII, low, high);
  }

  Sparkline(String bars, double low, double high) {
    this.bars = bars;
    this.low = low;
    this.high = high;
  }

  /** Returns whether standard output can show block characters. */
  public static boolean isUnicode() {
    String name =
        System.getProperty(
            "stdout.encoding",
            System.getProperty("sun.stdout.encoding", Charset.defaultCharset().name()));
    return Charset.isSupported(name) && Charset.forName(name).newEncoder().canEncode('█');
  }

  /** Returns one character for each value; a space for NaN. */
  public String of(double[] values) {
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      line.append(Double.isNaN(value) ? ' ' : bar(value));
    }
    return line.toString();
  }

  private char bar(double value) {
    double share = high > low ? (value - low) / (high - low) : 0.5;
    int index = (int) Math.floor(share * bars.length());
    return bars.charAt(Math.max(0, Math.min(bars.length() - 1, index)));
  }

  /**
   * Returns values that represent longer ones: the means of adjacent values.
   *
   * @param size maximum number of values
   */
  public static double[] shrink(double[] values, int size) {
    if (values.length <= size) {
      return values;
    }
    double[] means = new double[size];
    for (int i = 0; i < size; i++) {
      int begin = (int) ((long) i * values.length / size);
      int end = (int) ((long) (i + 1) * values.length / size);
      double sum = 0;
      int count = 0;
      for (int k = begin; k < end; k++) {
        sum += Double.isNaN(values[k]) ? 0 : values[k];
        count += Double.isNaN(values[k]) ? 0 : 1;
      }
      means[i] = count == 0 ? Double.NaN : sum / count;
    }
    return means;
  }
}
