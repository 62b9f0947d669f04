package io.eddy.demo;

import io.eddy.cli.terminal.StopSignal;
import io.eddy.dataset.Dataset;
import io.eddy.evaluation.TrainedModel;
import io.eddy.evaluation.TrainingPipeline;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.Model;
import io.eddy.nn.CellKind;
import io.eddy.training.ModelPlan;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSettings;
import java.util.List;

/** Trains the versions of the demo and publishes them. */
final class DemoTraining {
  private static final int EPOCHS = 6;
  private static final long SEED = 1;

  private final String modelName;
  private final ModelRegistry registry;
  private final StopSignal stop;

  DemoTraining(String modelName, ModelRegistry registry, StopSignal stop) {
    this.modelName = modelName;
    this.registry = registry;
    this.stop = stop;
  }

  /** Thrown when a stop is requested during training. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Trains a version and publishes it.
   *
   * @throws StoppedException if a stop is requested meanwhile
   */
  Model train(Dataset data, CellKind cell, TrainingListener listener) {
    TrainingRequest request =
        new TrainingRequest(
            ModelPlan.DEFAULT.withCells(List.of(cell)),
            new TrainingSettings(
                EPOCHS,
                EPOCHS,
                TrainingSettings.Optimiser.DEFAULT,
                TrainingSettings.Batches.DEFAULT,
                SEED),
            Runtime.getRuntime().availableProcessors());
    TrainedModel trained = new TrainingPipeline(request).run(data, new StoppingListener(listener));
    registry.publisher().publish(modelName, trained.file());
    return trained.model();
  }

  /** Ends the training when a stop is requested. */
  private final class StoppingListener implements TrainingListener {
    private final TrainingListener delegate;

    StoppingListener(TrainingListener delegate) {
      this.delegate = delegate;
    }

    @Override
    public void updated(long done, long total, double loss) {
      if (stop.isRequested()) {
        throw new StoppedException();
      }
      delegate.updated(done, total, loss);
    }

    @Override
    public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
      delegate.epochEnded(epoch, trainingLoss, validationLoss);
    }
  }
}
