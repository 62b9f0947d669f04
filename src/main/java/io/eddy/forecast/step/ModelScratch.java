package io.eddy.forecast.step;

import io.eddy.forecast.calibration.CalibratedLevels;
import io.eddy.forecast.combination.Combination;
import io.eddy.model.MemberWorkspace;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.QuantileMean;
import io.eddy.model.VersionCache;
import java.util.List;

/** Scratch space of one model. Used by one thread. */
final class ModelScratch {
  /** One workspace for each member, in their order. */
  final List<MemberWorkspace> members;

  /** Sums over the members' forecasts [J · values per step]. */
  final double[] sums;

  /** Means of counts minus the means of their quantiles [J]; empty for other forecasts. */
  final double[] excess;

  /** Means of the quantiles. */
  final QuantileMean quantileMean;

  /** Levels of the quantiles. */
  final CalibratedLevels calibratedLevels;

  /** The combination with simple forecasts. */
  final Combination combination;

  private ModelScratch(Model model) {
    ModelSpecification.Output output = model.specification().output();
    quantileMean = new QuantileMean(output.quantileLevels());
    calibratedLevels = CalibratedLevels.of(output.quantileLevels());
    combination = new Combination(output, model.member(0).encoder().scaling());
    excess = new double[output.hasCounts() ? output.horizon() : 0];
    members = model.members().stream().map(MemberWorkspace::new).toList();
    sums = new double[members.get(0).forecastSize()];
  }

  /** Keeps the scratch space of the versions used last. */
  static final class Cache {
    private static final int MAX_VERSIONS = 8;

    private final VersionCache<ModelScratch> scratches = new VersionCache<>(MAX_VERSIONS);

    ModelScratch get(Model model) {
      ModelScratch scratch = scratches.get(model.version());
      if (scratch == null) {
        scratch = new ModelScratch(model);
        scratches.put(model.version(), scratch);
      }
      return scratch;
    }
  }
}
