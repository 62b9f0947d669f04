package io.eddy.model.io;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eddy.model.CombinationSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON document of a combination. */
record CombinationDocument(
    @JsonProperty(required = true) LevelDocument level,
    @JsonProperty(required = true) List<SeasonDocument> seasons,
    @JsonProperty(required = true) LearningDocument learning,
    @JsonProperty(required = true) List<LeadDocument> leads) {
  static @Nullable CombinationDocument from(CombinationSpec spec) {
    return spec.isNone()
        ? null
        : new CombinationDocument(
            LevelDocument.from(spec.level()),
            spec.seasons().stream().map(SeasonDocument::from).toList(),
            LearningDocument.from(spec.learning()),
            spec.leads().stream().map(LeadDocument::from).toList());
  }

  CombinationSpec toCombination() {
    return new CombinationSpec(
        level.toLevel(),
        seasons.stream().map(SeasonDocument::toSeason).toList(),
        learning.toLearning(),
        leads.stream().map(LeadDocument::toLead).toList());
  }

  record LevelDocument(
      @JsonProperty(required = true) double smoothing,
      @JsonProperty(required = true) double trendSmoothing,
      @JsonProperty(required = true) double damping) {
    static LevelDocument from(CombinationSpec.Level level) {
      return new LevelDocument(level.smoothing(), level.trendSmoothing(), level.damping());
    }

    CombinationSpec.Level toLevel() {
      return new CombinationSpec.Level(smoothing, trendSmoothing, damping);
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
      @JsonProperty(required = true) double rate,
      @JsonProperty(required = true) double share,
      @JsonProperty(required = true) double errorSmoothing) {
    static LearningDocument from(CombinationSpec.Learning learning) {
      return new LearningDocument(learning.rate(), learning.share(), learning.errorSmoothing());
    }

    CombinationSpec.Learning toLearning() {
      return new CombinationSpec.Learning(rate, share, errorSmoothing);
    }
  }

  record LeadDocument(
      @JsonProperty(required = true) int steps,
      @JsonProperty(required = true) List<Double> weights,
      @JsonProperty(required = true) List<Double> errors) {
    static LeadDocument from(CombinationSpec.Lead lead) {
      return new LeadDocument(lead.steps(), lead.weights(), lead.errors());
    }

    CombinationSpec.Lead toLead() {
      return new CombinationSpec.Lead(steps, weights, errors);
    }
  }
}
