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
 * What stands in for the steps of one sequence in which nothing was measured: by the steps before
 * alone or, where the model says so, as a net forecasts it that goes through the sequence beside.
 * Nothing is learned through that forecast. Used by one thread.
 */
final class Imputer {
  private final ModelSpecification specification;
  private final @Nullable Run run;

  /** A net on its way through a sequence. */
  private record Run(Member member, MemberWorkspace workspace, StackState state) {}

  private Imputer(ModelSpecification specification, @Nullable Run run) {
    this.specification = specification;
    this.run = run;
  }

  /** By the steps before alone, also where there is no net yet that forecasts them. */
  static Imputer repeating(ModelSpecification specification) {
    return new Imputer(specification, null);
  }

  /** By the forecasts of a net as it is now; for one sequence. */
  static Imputer by(TrainableNet net, ModelSpecification specification) {
    Head head = new Head(specification, net.head());
    return by(new Member(specification, net.stack(), head, net.base()));
  }

  /** By the forecasts of a member; for one sequence. */
  static Imputer by(Member member) {
    Run run = new Run(member, new MemberWorkspace(member), member.stack().newState());
    return new Imputer(member.specification(), run);
  }

  /** The value of the step after the last one of {@code past}, which is {@code step}. */
  double next(SeriesPast past, long step) {
    if (run == null) {
      return Imputation.repeated(past.window(), specification);
    }
    float[] values = new float[run.workspace.forecastSize()];
    run.workspace.know(past, FutureCovariates.NONE);
    run.workspace.forecast(past, step, values);
    return Imputation.forecast(past.window(), values, specification.output());
  }

  /** Goes on by the last step of {@code past}. */
  void advance(SeriesPast past, long step) {
    if (run != null) {
      float[] input = run.workspace.encode(past, step);
      run.member.stack().step(input, run.state, run.workspace.cells());
    }
  }
}
