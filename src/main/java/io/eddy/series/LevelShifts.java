package io.eddy.series;

/**
 * The last two shifts of a series' level: how many steps ago each began, and by how much the level
 * moved. Two are kept so that a period at another level, which ends as it began, is undone.
 */
final class LevelShifts {
  /** Maximum number of shifts. */
  static final int MAX_COUNT = 2;

  private static final double MAX_RETURN_ERROR = 0.25;

  private final double[] ages = new double[MAX_COUNT];
  private final double[] changes = new double[MAX_COUNT];
  private int count;

  int count() {
    return count;
  }

  /** Adds a shift that began {@code age} steps ago, and drops the oldest if there are too many. */
  void add(double age, double change) {
    if (count == MAX_COUNT) {
      ages[0] = ages[1];
      changes[0] = changes[1];
      count--;
    }
    ages[count] = age;
    changes[count] = change;
    count++;
  }

  /** Returns whether a change moves the level back to about where it was before the last shift. */
  boolean isUndoneBy(double change) {
    return count > 0 && Math.abs(changes[count - 1] + change) < MAX_RETURN_ERROR * Math.abs(change);
  }

  /** Ages the shifts by one step. */
  void advance() {
    for (int i = 0; i < count; i++) {
      ages[i]++;
    }
  }

  /** Returns the sum of the changes since the step {@code lag} steps before the last one. */
  double changeSince(int lag) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lag >= ages[i] ? changes[i] : 0;
    }
    return sum;
  }

  void clear() {
    count = 0;
  }

  /** Writes age and change of each shift, 2 · {@link #count} numbers. */
  void write(double[] numbers, int at) {
    for (int i = 0; i < count; i++) {
      numbers[at + 2 * i] = ages[i];
      numbers[at + 2 * i + 1] = changes[i];
    }
  }

  void read(double[] numbers, int at) {
    count = (numbers.length - at) / 2;
    for (int i = 0; i < count; i++) {
      ages[i] = numbers[at + 2 * i];
      changes[i] = numbers[at + 2 * i + 1];
    }
  }
}
