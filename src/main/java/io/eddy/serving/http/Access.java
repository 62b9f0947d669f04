package io.eddy.serving.http;

/** Whether a path requires the token, if one is set. */
public enum Access {
  /** Needs no token: health endpoints, and static files without data. */
  OPEN,
  /** Needs the token. */
  TOKEN
}
