/**
 * Evaluation of models: backtests from rolling origins, error measures by step ahead, and the
 * comparison with baselines and with the serving version.
 *
 * <p>A backtest runs every observation through the stream's series engine and measures the
 * forecasts from each <em>origin</em>. A <em>baseline</em> is a {@link ReferenceForecast} on the
 * same points. {@link TrainingPipeline} trains a model and evaluates it on the <em>test split</em>,
 * the last part of the data's time.
 *
 * <p>Uses {@code engine}, {@code forecast.step}, {@code training} and {@code dataset}. Results are
 * values; {@code cli.report} prints them.
 */
@NullMarked
package io.eddy.evaluation;

import org.jspecify.annotations.NullMarked;
