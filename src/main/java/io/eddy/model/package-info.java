/**
 * A trained model: its specification, the input computed from a series' past, the recurrent stack,
 * the head and the baseline.
 *
 * <p>Notation: D input size, H hidden size, h the hidden state of the top layer, J horizon, M units
 * and C covariates of the decoder per step, F future covariates of the data, R raw outputs and Q
 * values per step ahead. Depends on {@code nn} and {@code series}.
 */
@NullMarked
package io.eddy.model;

import org.jspecify.annotations.NullMarked;
