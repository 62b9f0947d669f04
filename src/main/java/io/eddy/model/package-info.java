/**
 * A trained model: its specification, the input encoder, the recurrent layers, the head and the
 * baseline that the head's output corrects.
 *
 * <p>Vocabulary: a <i>model</i> has one or more <i>members</i>, each a net. A <i>past</i> is what
 * the inputs of a series are computed from. The baseline is one family: {@link
 * io.eddy.model.BaselineSpec} selects it, {@link io.eddy.model.Baseline} computes it, and {@link
 * io.eddy.model.LinearBaseline} holds the weights of the linear one.
 *
 * <p>Notation: D input size, H hidden size, h the hidden state of the top layer, J horizon, W
 * context length, M units and C known-future inputs of the steps decoder, F known-future covariates
 * of the data, R raw outputs and Q values per step ahead, K classes. May use {@code nn} and {@code
 * series}.
 */
@NullMarked
package io.eddy.model;

import org.jspecify.annotations.NullMarked;
