/**
 * A small HTTP server on top of the JDK's: routes, JSON answers, errors, access control, and
 * streams of server-sent events.
 *
 * <p>A {@link io.eddy.serving.http.RequestHandler} answers the GET requests of a path that is added
 * to the {@link io.eddy.serving.http.HttpListener}; it returns a {@link
 * io.eddy.serving.http.Response} or throws an {@link io.eddy.serving.http.HttpException}. HEAD is
 * answered from GET; other methods are refused. The listener checks the token and the Host header
 * and adds the security headers. Nothing here depends on Kafka Streams.
 */
@NullMarked
package io.eddy.serving.http;

import org.jspecify.annotations.NullMarked;
