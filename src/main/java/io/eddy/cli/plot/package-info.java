/**
 * Plots as SVG documents.
 *
 * <p>A plot draws into a {@link io.eddy.cli.plot.PlotArea} with {@link io.eddy.cli.plot.Svg}; axes
 * and scales are shared.
 */
@NullMarked
package io.eddy.cli.plot;

import org.jspecify.annotations.NullMarked;
