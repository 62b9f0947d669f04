/**
 * Alerts by rules on forecasts.
 *
 * <p>A <em>rule</em> states a condition on the values of a series, such as {@code temperature > 80
 * within PT6H with probability 0.7}. Each forecast gives the probability of the condition. An alert
 * <em>fires</em> when the probability reaches that of the rule, and <em>clears</em> when it has
 * been below a lower one for some time. Evaluating a forecast costs the same whatever the length of
 * the series. Depends on {@code series.store} for the key of the active alerts, on {@code series}
 * for durations, on {@code model} for its deterministic logarithm, and on {@code forecast}.
 */
@NullMarked
package io.eddy.forecast.alert;

import org.jspecify.annotations.NullMarked;
