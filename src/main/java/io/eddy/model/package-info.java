/**
 * A trained model: its specification, the input it makes of a series' past, the recurrent stack,
 * the head, and the safetensors file they travel in.
 *
 * <p>Notation: D input size, H hidden size, h the top layer's hidden state, J horizon, M units and
 * C covariates of a step's decoder, 2F of them of the data, R raw outputs and Q values of a step
 * ahead. A model's version is the SHA-256 of its file's bytes. Depends on {@code cell} and {@code
 * series}.
 */
@NullMarked
package io.eddy.model;

import org.jspecify.annotations.NullMarked;
