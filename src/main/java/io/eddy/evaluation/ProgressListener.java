package io.eddy.evaluation;

/** Receives the progress of a long evaluation; may be called by several threads at once. */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores progress. */
  ProgressListener NONE = (done, total, detail) -> {};

  /**
   * Some work is done.
   *
   * @param done units of work done so far
   * @param total units of work in all
   * @param detail what is being worked on, such as the name of a series
   */
  void progress(long done, long total, String detail);
}
