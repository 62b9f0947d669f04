package io.eddy.series;

/**
 * Finds numbers of steps that have no divisor in common with seasons. Forecasts that are so many
 * steps apart take turns through every time of each season.
 */
public final class CoprimeSteps {
  private CoprimeSteps() {}

  /**
   * Returns the least number of steps, at least {@code steps}, that is coprime to every season.
   *
   * @param steps at least 1
   * @param seasons lengths in steps, at least 1
   */
  public static int atLeast(int steps, int... seasons) {
    int coprime = steps;
    while (!isCoprime(coprime, seasons)) {
      coprime++;
    }
    return coprime;
  }

  private static boolean isCoprime(int steps, int[] seasons) {
    for (int season : seasons) {
      if (greatestCommonDivisor(steps, season) > 1) {
        return false;
      }
    }
    return true;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
