/**
 * Model files: the safetensors container, the JSON of a specification, and ONNX export.
 *
 * <p>{@link io.eddy.model.io.ModelFile} is the only reader and writer of model files. The version
 * of a model is the SHA-256 of its file. The messages of the ONNX format are generated from {@code
 * src/main/proto/onnx.proto} into {@code io.eddy.model.onnx}. May use {@code model}, {@code nn} and
 * {@code series}.
 */
@NullMarked
package io.eddy.model.io;

import org.jspecify.annotations.NullMarked;
