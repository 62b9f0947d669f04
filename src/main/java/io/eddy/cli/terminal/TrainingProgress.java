package io.eddy.cli.terminal;

import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingRequest;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Shows the progress of a training, over all its stages, on a progress bar. */
public final class TrainingProgress implements TrainingListener {
  /** Units of the whole training on the bar. */
  private static final long TOTAL = 1_000_000;

  private final ProgressBar bar;
  private final Map<Stage, Part> parts = new EnumMap<>(Stage.class);
  private Part part = new Part(0, 1, "");
  private String member = "";

  /** The part of the bar that a stage fills. */
  private record Part(double from, double share, String label) {}

  /** Creates a listener of a training with neither a search nor a refit. */
  public TrainingProgress(ProgressBar bar) {
    this(bar, TrainingRequest.Stages.NONE);
  }

  public TrainingProgress(ProgressBar bar, TrainingRequest.Stages stages) {
    this.bar = bar;
    double search = stages.candidates() > 1 ? stages.candidates() / 3.0 : 0;
    double refit = stages.isRefit() ? 0.9 : 0;
    double unit = 1 / (1.15 + search + refit);
    double from = put(Stage.CHOICE, 0, 0.05 * unit, "choosing the model");
    from = put(Stage.SEARCH, from, search * unit, "search");
    from = put(Stage.TRAINING, from, unit, "");
    from = put(Stage.MEASUREMENT, from, 0.1 * unit, "measuring errors");
    put(Stage.REFIT, from, refit * unit, "refit on all data");
  }

  private double put(Stage stage, double from, double share, String label) {
    parts.put(stage, new Part(from, share, label));
    return from + share;
  }

  @Override
  public void stageStarted(Stage stage) {
    part = parts.getOrDefault(stage, part);
    member = "";
    show(0, part.label());
  }

  @Override
  public void memberStarted(int index, int count) {
    member = count == 1 ? "" : "member %d of %d, ".formatted(index + 1, count);
  }

  @Override
  public void updated(long done, long total, double loss) {
    String label = part.label().isEmpty() ? "" : part.label() + ", ";
    show(
        (double) done / Math.max(1, total),
        label + member + String.format(Locale.ROOT, "loss %.4f", loss));
  }

  private void show(double share, String detail) {
    bar.show((long) (TOTAL * (part.from() + part.share() * share)), TOTAL, detail);
  }

  @Override
  public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
}
