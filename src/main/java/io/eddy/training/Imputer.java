package io.eddy.training;

import io.eddy.model.Head;
import io.eddy.model.Imputation;
import io.eddy.model.Member;
import io.eddy.model.MemberWorkspace;
import io.eddy.model.ModelSpecification;
import io.eddy.model.SeriesPast;
import io.eddy.nn.StackState;
import io.eddy.series.FutureCovariates;
import org.jspecify.annotations.Nullable;

/**
 * Imputes the missing steps of one sequence: from earlier steps only or, if the model is configured
 * to do so, by the forecasts of a network that runs through the sequence. No gradient flows through
 * these forecasts. Used by one thread.
 */
final class Imputer {
  private final ModelSpecification specification;
  private final @Nullable Run run;

  /** A network and its state at the current step of the sequence. */
  private record Run(Member member, MemberWorkspace workspace, StackState state) {}

  private Imputer(ModelSpecification specification, @Nullable Run run) {
    this.specification = specification;
    this.run = run;
  }

  /**
   * Creates an imputer that uses earlier steps only. It also serves models that impute by forecasts
   * before they have been trained.
   */
  static Imputer repeating(ModelSpecification specification) {
    return new Imputer(specification, null);
  }

  /** Creates an imputer for one sequence that uses the forecasts of a network in training. */
  static Imputer forecasting(TrainableNet net, ModelSpecification specification) {
    Head head = new Head(specification, net.head());
    return forecasting(new Member(specification, net.stack(), head, net.base()));
  }

  /** Creates an imputer for one sequence that uses the forecasts of a member. */
  static Imputer forecasting(Member member) {
    Run run = new Run(member, new MemberWorkspace(member), member.stack().newState());
    return new Imputer(member.specification(), run);
  }

  /**
   * Returns the value of the step that follows the last step of {@code past}.
   *
   * @param step grid index of the last step of {@code past}
   */
  double next(SeriesPast past, long step) {
    if (run == null) {
      return Imputation.naive(past.window(), specification);
    }
    double[] values = new double[run.workspace.forecastSize()];
    run.workspace.setFutureCovariates(past, FutureCovariates.NONE);
    run.workspace.forecast(past, step, values);
    return Imputation.fromForecast(past.window(), values, specification.output());
  }

  /** Advances the network by the last step of {@code past}. */
  void advance(SeriesPast past, long step) {
    if (run != null) {
      float[] input = run.workspace.encode(past, step);
      run.member.stack().step(input, run.state, run.workspace.cells());
    }
  }
}
