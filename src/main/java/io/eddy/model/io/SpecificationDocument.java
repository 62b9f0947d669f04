package io.eddy.model.io;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Bounds;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateKind;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.TrainingRun;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import io.eddy.series.time.Zones;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of a specification, bound by Jackson.
 *
 * <p>The order of the components is the order of the fields in the file, and a model's version is a
 * hash over these bytes. A nullable component is left out of the file at its default.
 */
record SpecificationDocument(
    @JsonProperty(required = true) int format,
    @JsonProperty(required = true) NetworkDocument network,
    @JsonProperty(required = true) SamplingDocument sampling,
    @JsonProperty(required = true) InputsDocument inputs,
    @JsonProperty(required = true) OutputDocument output,
    @JsonProperty(required = true) int contextLength,
    @JsonProperty(required = true) ProvenanceDocument provenance) {
  static final int FORMAT = 1;

  static SpecificationDocument from(ModelSpecification specification) {
    return new SpecificationDocument(
        FORMAT,
        NetworkDocument.from(specification.network()),
        SamplingDocument.from(specification.sampling()),
        InputsDocument.from(specification.inputs()),
        OutputDocument.from(specification.output()),
        specification.contextLength(),
        ProvenanceDocument.from(specification.provenance()));
  }

  /** Throws {@link IllegalArgumentException} for a value out of its range. */
  ModelSpecification toSpecification() {
    return new ModelSpecification(
        network.toNetwork(),
        sampling.toSampling(),
        inputs.toInputs(),
        output.toOutput(),
        contextLength,
        provenance.toProvenance());
  }

  /** The fields of a member after the first. All other fields are those of the first member. */
  record MemberDocument(
      @JsonProperty(required = true) NetworkDocument network,
      @JsonProperty(required = true) InputsDocument inputs,
      @JsonProperty(required = true) OutputDocument output) {
    static MemberDocument from(ModelSpecification specification) {
      return new MemberDocument(
          NetworkDocument.from(specification.network()),
          InputsDocument.from(specification.inputs()),
          OutputDocument.from(specification.output()));
    }

    ModelSpecification toSpecification(ModelSpecification first) {
      return new ModelSpecification(
          network.toNetwork(),
          first.sampling(),
          inputs.toInputs(),
          output.toOutput(),
          first.contextLength(),
          first.provenance());
    }
  }

  record NetworkDocument(
      @JsonProperty(required = true) String cell,
      @JsonProperty(required = true) int hiddenSize,
      @JsonProperty(required = true) List<Integer> dilations,
      @Nullable Double dropout) {
    static NetworkDocument from(ModelSpecification.Network network) {
      return new NetworkDocument(
          network.cell().id(), network.hiddenSize(), network.dilations(), network.dropout());
    }

    ModelSpecification.Network toNetwork() {
      return new ModelSpecification.Network(
          CellKind.of(cell), hiddenSize, dilations, dropout == null ? 0 : dropout);
    }
  }

  record SamplingDocument(
      @JsonProperty(required = true) String interval,
      @JsonProperty(required = true) String aggregation,
      @JsonProperty(required = true) int maxGapSteps,
      @Nullable String gaps,
      @Nullable String zone) {
    static SamplingDocument from(Sampling sampling) {
      return new SamplingDocument(
          sampling.interval().toString(),
          sampling.aggregation().id(),
          sampling.maxGapSteps(),
          sampling.gaps() == GapFilling.LAST ? null : sampling.gaps().id(),
          sampling.zone().equals(sampling.interval().zone()) ? null : sampling.zone().getId());
    }

    Sampling toSampling() {
      Interval parsed = Interval.parse(interval);
      if (!parsed.toString().equals(interval)) {
        throw new IllegalArgumentException(
            "sampling.interval: expected the form %s, got '%s'".formatted(parsed, interval));
      }
      return new Sampling(
          parsed,
          Aggregation.of(aggregation),
          maxGapSteps,
          gaps == null ? GapFilling.LAST : GapFilling.of(gaps),
          zone == null ? parsed.zone() : Zones.of(zone));
    }
  }

  record InputsDocument(
      @JsonProperty(required = true) int patch,
      @JsonProperty(required = true) boolean calendar,
      @JsonProperty(required = true) double scalerHalfLife,
      @Nullable Double errorHalfLife,
      @Nullable String transform,
      @Nullable List<Integer> lags,
      @Nullable List<CovariateDocument> covariates,
      @Nullable Double initialScale) {
    static InputsDocument from(ModelSpecification.Inputs inputs) {
      return new InputsDocument(
          inputs.patch(),
          inputs.calendar(),
          inputs.scalerHalfLife(),
          inputs.errorHalfLife() > 0 ? inputs.errorHalfLife() : null,
          inputs.transform() == Transform.NONE ? null : inputs.transform().id(),
          inputs.lags().isEmpty() ? null : inputs.lags(),
          inputs.covariates().isEmpty()
              ? null
              : inputs.covariates().stream().map(CovariateDocument::from).toList(),
          inputs.initialScale() > 0 ? inputs.initialScale() : null);
    }

    ModelSpecification.Inputs toInputs() {
      return new ModelSpecification.Inputs(
          patch,
          calendar,
          scalerHalfLife,
          errorHalfLife == null ? 0 : errorHalfLife,
          transform == null ? Transform.NONE : Transform.of(transform),
          lags == null ? List.of() : lags,
          toCovariates(),
          initialScale == null ? 0 : initialScale);
    }

    private List<Covariate> toCovariates() {
      List<Covariate> result = new ArrayList<>();
      if (covariates != null) {
        for (CovariateDocument covariate : covariates) {
          result.add(covariate.toCovariate("inputs.covariates.%d.".formatted(result.size())));
        }
      }
      return result;
    }
  }

  record CovariateDocument(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String kind,
      @Nullable Double mean,
      @Nullable Double spread) {
    static CovariateDocument from(Covariate covariate) {
      boolean isStatic = covariate.kind() == CovariateKind.STATIC;
      return new CovariateDocument(
          covariate.name(),
          covariate.kind().id(),
          isStatic ? covariate.mean() : null,
          isStatic ? covariate.standardDeviation() : null);
    }

    Covariate toCovariate(String path) {
      return switch (CovariateKind.of(kind)) {
        case PAST -> Covariate.past(name);
        case FUTURE -> Covariate.future(name);
        case STATIC ->
            Covariate.staticCovariate(
                name, required(mean, path + "mean"), required(spread, path + "spread"));
      };
    }
  }

  record OutputDocument(
      @JsonProperty(required = true) int horizon,
      @Nullable String head,
      @Nullable String loss,
      @JsonProperty(required = true) List<Double> quantileLevels,
      @Nullable Integer classes,
      @Nullable DecoderDocument decoder,
      @JsonProperty(required = true) int seasonSteps,
      @Nullable Integer lookBack,
      @Nullable Boolean yearly,
      @Nullable Double calibrationRate,
      @JsonProperty("cold") @Nullable WarmUpDocument warmUp,
      @Nullable CombinationDocument combination,
      @Nullable BoundsDocument bounds) {
    static OutputDocument from(ModelSpecification.Output output) {
      BaselineSpec baseline = output.baseline();
      return new OutputDocument(
          output.horizon(),
          output.head().id(),
          output.loss().id(),
          output.quantileLevels(),
          output.isClassification() ? output.classes() : null,
          DecoderDocument.from(output.decoding()),
          baseline.seasonSteps(),
          baseline.isLinear() ? baseline.lookBack() : null,
          baseline.isYearly() ? true : null,
          output.isCalibrated() ? output.calibrationRate() : null,
          WarmUpDocument.from(output.warmUpIntervals()),
          CombinationDocument.from(output.combination()),
          BoundsDocument.from(output.bounds()));
    }

    ModelSpecification.Output toOutput() {
      HeadKind headKind = head == null ? HeadKind.of(quantileLevels) : HeadKind.of(head);
      return new ModelSpecification.Output(
          horizon,
          headKind,
          loss == null ? headKind.losses().get(0) : LossKind.of(loss),
          quantileLevels,
          classes == null ? 0 : classes,
          decoder == null ? ModelSpecification.Decoding.LINEAR : decoder.toDecoding(),
          new BaselineSpec(seasonSteps, lookBack == null ? 0 : lookBack, yearly != null && yearly),
          calibrationRate == null ? 0 : calibrationRate,
          warmUp == null ? WarmUpIntervals.NONE : warmUp.toWarmUpIntervals(),
          combination == null ? CombinationSpec.NONE : combination.toCombination(),
          bounds == null ? Bounds.NONE : bounds.toBounds());
    }
  }

  record BoundsDocument(
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Boolean integer,
      @Nullable Boolean stated) {
    static @Nullable BoundsDocument from(Bounds bounds) {
      return bounds.isNone()
          ? null
          : new BoundsDocument(
              Double.isInfinite(bounds.lower()) ? null : bounds.lower(),
              Double.isInfinite(bounds.upper()) ? null : bounds.upper(),
              bounds.isInteger() ? true : null,
              bounds.isStated() ? true : null);
    }

    Bounds toBounds() {
      return new Bounds(
          lower == null ? Double.NEGATIVE_INFINITY : lower,
          upper == null ? Double.POSITIVE_INFINITY : upper,
          integer != null && integer,
          stated != null && stated);
    }
  }

  record DecoderDocument(@JsonProperty(required = true) String kind, @Nullable Integer width) {
    static @Nullable DecoderDocument from(ModelSpecification.Decoding decoding) {
      return decoding.kind() == DecoderKind.LINEAR
          ? null
          : new DecoderDocument(decoding.kind().id(), decoding.width());
    }

    ModelSpecification.Decoding toDecoding() {
      DecoderKind decoderKind = DecoderKind.of(kind);
      return decoderKind == DecoderKind.LINEAR
          ? ModelSpecification.Decoding.LINEAR
          : new ModelSpecification.Decoding(decoderKind, required(width, "output.decoder.width"));
    }
  }

  record WarmUpDocument(
      @JsonProperty(value = "leastErrors", required = true) List<Double> minErrors,
      @JsonProperty(required = true) List<List<Double>> factors) {
    static @Nullable WarmUpDocument from(WarmUpIntervals intervals) {
      return intervals.isNone()
          ? null
          : new WarmUpDocument(intervals.minErrors(), intervals.factors());
    }

    WarmUpIntervals toWarmUpIntervals() {
      return new WarmUpIntervals(minErrors, factors);
    }
  }

  record ProvenanceDocument(
      @JsonProperty(required = true) String data,
      @JsonProperty(required = true) long seed,
      @JsonProperty(required = true) String codeVersion,
      @JsonProperty(required = true) Map<String, Double> scores,
      @Nullable TrainingDocument training) {
    static ProvenanceDocument from(Provenance provenance) {
      return new ProvenanceDocument(
          provenance.data(),
          provenance.seed(),
          provenance.codeVersion(),
          new TreeMap<>(provenance.scores()),
          provenance.training() == null ? null : TrainingDocument.from(provenance.training()));
    }

    Provenance toProvenance() {
      return new Provenance(
          data, seed, codeVersion, scores, training == null ? null : training.toTrainingRun());
    }
  }

  record TrainingDocument(
      @JsonProperty(required = true) String begin,
      @JsonProperty(required = true) String trainingEnd,
      @JsonProperty(required = true) String validationEnd,
      @JsonProperty(required = true) String end,
      @JsonProperty(required = true) List<Integer> epochs,
      @JsonProperty(required = true) boolean refitted) {
    static TrainingDocument from(TrainingRun run) {
      return new TrainingDocument(
          run.ranges().begin().toString(),
          run.ranges().trainingEnd().toString(),
          run.ranges().validationEnd().toString(),
          run.ranges().end().toString(),
          run.epochs(),
          run.isRefitted());
    }

    TrainingRun toTrainingRun() {
      return new TrainingRun(
          new TrainingRun.Ranges(
              time("begin", begin),
              time("trainingEnd", trainingEnd),
              time("validationEnd", validationEnd),
              time("end", end)),
          epochs,
          refitted);
    }

    private static Instant time(String field, String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "provenance.training.%s: expected a time such as 2026-01-05T00:00:00Z, got '%s'"
                .formatted(field, text),
            e);
      }
    }
  }

  private static <T> T required(@Nullable T value, String path) {
    if (value == null) {
      throw new IllegalArgumentException(path + " is missing");
    }
    return value;
  }
}
