package io.eddy.serving.http;

import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Handlers by path. A path that ends with a slash holds for all paths below it too; the longest one
 * applies. Safe for use by several threads.
 */
final class Routes {
  private final ConcurrentSkipListMap<String, Route> routes = new ConcurrentSkipListMap<>();

  /** A handler and who may call it. */
  record Route(Access access, RequestHandler handler) {}

  void add(String path, Route route) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("expected a path that starts with a slash: " + path);
    }
    if (routes.putIfAbsent(path, route) != null) {
      throw new IllegalArgumentException("the path has a handler already: " + path);
    }
  }

  /** Returns the handler of a path, or null if there is none. */
  @Nullable Route find(String path) {
    Route exact = routes.get(path);
    if (exact != null) {
      return exact;
    }
    for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      // "/" itself is the start page, and not the parent of all paths.
      Route parent = slash == 0 ? null : routes.get(path.substring(0, slash + 1));
      if (parent != null) {
        return parent;
      }
    }
    return null;
  }
}
