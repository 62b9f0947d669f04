/**
 * The JSON API and its streams of server-sent events.
 *
 * <p>{@link io.eddy.serving.api.Api} adds the handlers to the listener. A handler reads the state
 * of this instance by {@code kafka.query}, asks the other instances over HTTP for what it does not
 * have, and writes a document: a record whose components are the fields of the JSON. {@code
 * src/docs/api.md} describes the documents.
 */
@NullMarked
package io.eddy.serving.api;

import org.jspecify.annotations.NullMarked;
