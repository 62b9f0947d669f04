/**
 * Model files: safetensors, the JSON of a specification, and ONNX export.
 *
 * <p>The version of a model is the SHA-256 of its file. Depends on {@code model}.
 */
@NullMarked
package io.eddy.model.io;

import org.jspecify.annotations.NullMarked;
