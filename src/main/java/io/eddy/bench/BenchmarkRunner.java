package io.eddy.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Collection;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH benchmarks in processes of their own. */
final class BenchmarkRunner {
  private static final String CLASS_PATH = "java.class.path";

  private BenchmarkRunner() {}

  /** Returns options that run the benchmarks of a class without output. */
  static ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include(benchmark.getName())
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  /**
   * Runs benchmarks.
   *
   * @param runtime added to the class path; null for none
   */
  static Collection<RunResult> run(
      ChainedOptionsBuilder options, ReferenceRuntime.@Nullable Installed runtime)
      throws RunnerException {
    String classPath = System.getProperty(CLASS_PATH);
    if (runtime != null) {
      // JMH starts its processes with the class path of this one.
      System.setProperty(CLASS_PATH, classPath + File.pathSeparator + runtime.classPath());
    }
    try {
      Options built = options.build();
      // The output of a benchmark's process, such as warnings of the JVM, must not mix with JSON.
      OutputFormat silence =
          OutputFormatFactory.createFormatInstance(
              new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), VerboseMode.SILENT);
      return new Runner(built, silence).run();
    } finally {
      System.setProperty(CLASS_PATH, classPath);
    }
  }

  /** Returns the times of all iterations, in the benchmark's unit. */
  static DoubleStream times(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(IterationResult::getPrimaryResult)
        .mapToDouble(time -> time.getScore());
  }
}
