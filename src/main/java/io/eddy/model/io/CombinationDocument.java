package io.eddy.model.io;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eddy.model.CombinationSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON document of a combination. */
record CombinationDocument(
    @JsonProperty(required = true) double levelSmoothing,
    @JsonProperty(required = true) TrendDocument trend,
    @JsonProperty(required = true) List<SeasonDocument> seasons,
    @JsonProperty(required = true) LearningDocument learning,
    @JsonProperty(required = true) List<GroupDocument> groups) {
  static @Nullable CombinationDocument from(CombinationSpec spec) {
    return spec.isNone()
        ? null
        : new CombinationDocument(
            spec.levelSmoothing(),
            TrendDocument.from(spec.trend()),
            spec.seasons().stream().map(SeasonDocument::from).toList(),
            LearningDocument.from(spec.learning()),
            spec.groups().stream().map(GroupDocument::from).toList());
  }

  CombinationSpec toCombination() {
    return new CombinationSpec(
        levelSmoothing,
        trend.toTrend(),
        seasons.stream().map(SeasonDocument::toSeason).toList(),
        learning.toLearning(),
        groups.stream().map(GroupDocument::toGroup).toList());
  }

  record TrendDocument(
      @JsonProperty(required = true) double smoothing,
      @JsonProperty(required = true) double trendSmoothing,
      @JsonProperty(required = true) double damping) {
    static TrendDocument from(CombinationSpec.Trend trend) {
      return new TrendDocument(trend.smoothing(), trend.trendSmoothing(), trend.damping());
    }

    CombinationSpec.Trend toTrend() {
      return new CombinationSpec.Trend(smoothing, trendSmoothing, damping);
    }
  }

  record SeasonDocument(
      @JsonProperty(required = true) int steps,
      @JsonProperty(required = true) double meanSmoothing,
      @JsonProperty(required = true) AdjustmentDocument drift,
      @JsonProperty(required = true) AdjustmentDocument shift) {
    static SeasonDocument from(CombinationSpec.Season season) {
      return new SeasonDocument(
          season.steps(),
          season.meanSmoothing(),
          AdjustmentDocument.from(season.drift()),
          AdjustmentDocument.from(season.shift()));
    }

    CombinationSpec.Season toSeason() {
      return new CombinationSpec.Season(
          steps, meanSmoothing, drift.toAdjustment(), shift.toAdjustment());
    }
  }

  record AdjustmentDocument(
      @JsonProperty(required = true) double smoothing,
      @JsonProperty(required = true) double damping) {
    static AdjustmentDocument from(CombinationSpec.Adjustment adjustment) {
      return new AdjustmentDocument(adjustment.smoothing(), adjustment.damping());
    }

    CombinationSpec.Adjustment toAdjustment() {
      return new CombinationSpec.Adjustment(smoothing, damping);
    }
  }

  record LearningDocument(
      @JsonProperty(required = true) int power,
      @JsonProperty(required = true) double discount,
      @JsonProperty(required = true) double share,
      @JsonProperty(required = true) double errorSmoothing) {
    static LearningDocument from(CombinationSpec.Learning learning) {
      return new LearningDocument(
          learning.power(), learning.discount(), learning.share(), learning.errorSmoothing());
    }

    CombinationSpec.Learning toLearning() {
      return new CombinationSpec.Learning(power, discount, share, errorSmoothing);
    }
  }

  record GroupDocument(
      @JsonProperty(required = true) int lastStep,
      @JsonProperty(required = true) List<Double> weights,
      @JsonProperty(required = true) List<Double> errors,
      @JsonProperty(required = true) double width) {
    static GroupDocument from(CombinationSpec.Group group) {
      return new GroupDocument(group.lastStep(), group.weights(), group.errors(), group.width());
    }

    CombinationSpec.Group toGroup() {
      return new CombinationSpec.Group(lastStep, weights, errors, width);
    }
  }
}
