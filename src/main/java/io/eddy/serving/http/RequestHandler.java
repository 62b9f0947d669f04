package io.eddy.serving.http;

/**
 * Answers the requests of a path. Called by several threads at the same time, of which there are
 * few: a handler that waits for another process needs a timeout.
 */
@FunctionalInterface
public interface RequestHandler {
  /**
   * Answers a request.
   *
   * @throws HttpException to answer with an error
   */
  Response handle(Request request);
}
