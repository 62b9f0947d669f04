package io.eddy.kafka.topics;

/**
 * A difference between a topic and its definition.
 *
 * @param problem predicate that follows the topic's name in a sentence, such as {@code is missing}
 * @param remedy what the operator can do about it
 */
public record TopicProblem(String topic, String problem, String remedy) {

  /** Returns the problem and its remedy in one line. */
  @Override
  public String toString() {
    return "topic %s %s: %s".formatted(topic, problem, remedy);
  }
}
