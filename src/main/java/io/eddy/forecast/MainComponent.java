package io.eddy.forecast;

/**
 * The component with the largest weight in a group of steps ahead of a combined forecast.
 *
 * @param lastStep last step ahead of the group of steps, which begins after the previous one
 * @param name {@code net}, {@code last}, {@code level}, {@code seasonal-24} and so on
 * @param weight in [0, 1], in the middle of the group
 */
public record MainComponent(int lastStep, String name, float weight) {}
