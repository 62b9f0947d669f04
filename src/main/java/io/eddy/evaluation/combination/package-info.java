/**
 * Estimates the combination of a trained model with simple forecasts: the parameters of the simple
 * forecasts on the training part, prior weights and errors on the validation part.
 */
@NullMarked
package io.eddy.evaluation.combination;

import org.jspecify.annotations.NullMarked;
