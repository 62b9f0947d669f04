package io.eddy.evaluation;

import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesData;
import io.eddy.model.Model;
import io.eddy.training.AutomaticSchedule;
import io.eddy.training.CheckpointStore;
import io.eddy.training.ModelPlan;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingRequest.Stages;
import java.util.List;

/** Trainings of two epochs with default settings except the horizon. */
final class ShortTraining {
  private ShortTraining() {}

  static ModelPlan plan(int horizon) {
    ModelPlan plan = ModelPlan.DEFAULT;
    return new ModelPlan(
        plan.network(),
        plan.grid(),
        plan.inputs(),
        plan.baseline(),
        new ModelPlan.Output(horizon, plan.output().head(), plan.output().decoder()));
  }

  /** Trains one member with the choices of {@code eddy train}. */
  static Model model(int horizon, List<SeriesData> data) {
    AutomaticSchedule schedule =
        new AutomaticSchedule(
            new AutomaticSchedule.Length(2, null, false), AutomaticSchedule.Rates.DEFAULT, 1);
    Stages stages = new Stages(1, false, true);
    return new TrainingPipeline(
            new TrainingRequest(plan(horizon), schedule, stages, CheckpointStore.NONE, 1))
        .run(new Dataset(data, "test"), TrainingListener.NONE)
        .model();
  }
}
