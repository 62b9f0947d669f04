package io.eddy.model;

import io.eddy.series.GapFilling;
import java.util.List;

/**
 * A model: one net, or an ensemble of nets whose forecasts are averaged. Immutable and shared.
 *
 * <p>Members differ only in network, inputs, decoder and baseline. All other fields of their
 * specifications are equal.
 */
public final class Model {
  /** Maximum number of members. */
  public static final int MAX_MEMBERS = 64;

  private final ModelVersion version;
  private final List<Member> members;
  private final boolean isLogarithmic;

  public Model(ModelVersion version, List<Member> members) {
    this.version = version;
    this.members = List.copyOf(members);
    isLogarithmic =
        members.stream()
            .anyMatch(member -> member.specification().inputs().transform() == Transform.LOG);
  }

  public ModelVersion version() {
    return version;
  }

  /** Returns the specification of the first member, whose baseline the model is compared with. */
  public ModelSpecification specification() {
    return members.get(0).specification();
  }

  /**
   * Returns whether a value can be an observation: a class of the model, an amount of at least 0 if
   * a member works on logarithms, otherwise any amount.
   */
  public boolean accepts(double value) {
    return specification().output().accepts(value) && !(isLogarithmic && value < 0);
  }

  /** Describes the values that this model accepts. */
  public String acceptedValues() {
    return specification().output().isClassification()
        ? "a class, a whole number from 0 to " + (specification().output().classes() - 1)
        : isLogarithmic ? "at least 0 for the log transform" : "a number";
  }

  /** Returns the members, at least one, in the order in which their forecasts are summed. */
  public List<Member> members() {
    return members;
  }

  /** Returns a member by its index, from 0. */
  public Member member(int index) {
    return members.get(index);
  }

  /**
   * Checks that members of these specifications can form one model.
   *
   * @throws IllegalArgumentException that names the first field that must be equal and is not
   */
  public static void requireCompatible(List<ModelSpecification> members) {
    ModelSpecification.requireRange("members", members.size(), 1, MAX_MEMBERS);
    ModelSpecification first = members.get(0);
    for (int i = 1; i < members.size(); i++) {
      ModelSpecification other = members.get(i);
      requireSame(i, "sampling", first.sampling(), other.sampling());
      requireSame(i, "contextLength", first.contextLength(), other.contextLength());
      requireSame(i, "covariates", first.inputs().covariates(), other.inputs().covariates());
      if (first.sampling().gaps() == GapFilling.SEASONAL) {
        requireSame(
            i,
            "seasonSteps",
            first.output().baseline().seasonSteps(),
            other.output().baseline().seasonSteps());
      }
      requireSame(i, "horizon", first.output().horizon(), other.output().horizon());
      requireSame(i, "head", first.output().head().id(), other.output().head().id());
      requireSame(i, "loss", first.output().loss().id(), other.output().loss().id());
      requireSame(
          i, "quantileLevels", first.output().quantileLevels(), other.output().quantileLevels());
      requireSame(
          i, "calibrationRate", first.output().calibrationRate(), other.output().calibrationRate());
      requireSame(i, "cold", first.output().warmUpIntervals(), other.output().warmUpIntervals());
      requireSame(i, "combination", first.output().combination(), other.output().combination());
      requireSame(i, "bounds", first.output().bounds(), other.output().bounds());
      requireSame(i, "classes", first.output().classes(), other.output().classes());
    }
  }

  private static void requireSame(int member, String field, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(
          "member %d: %s: expected %s as of member 0, got %s"
              .formatted(member, field, expected, actual));
    }
  }
}
