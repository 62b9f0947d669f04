package io.eddy.cli.terminal;

import io.eddy.training.TrainingListener;
import java.util.Locale;

/** Shows the progress of a training on a progress bar. */
public final class TrainingProgress implements TrainingListener {
  private final ProgressBar bar;
  private String member = "";

  public TrainingProgress(ProgressBar bar) {
    this.bar = bar;
  }

  @Override
  public void memberStarted(int index, int count) {
    member = count == 1 ? "" : "member %d of %d, ".formatted(index + 1, count);
  }

  @Override
  public void updated(long done, long total, double loss) {
    bar.show(done, total, member + String.format(Locale.ROOT, "loss %.4f", loss));
  }

  @Override
  public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
}
