package io.eddy.kafka.topics;

/**
 * Something about a topic that is not as the forecaster needs it.
 *
 * @param problem what is wrong
 * @param remedy what to do about it
 */
public record TopicProblem(String topic, String problem, String remedy) {

  /** One line for people. */
  @Override
  public String toString() {
    return "topic %s %s: %s".formatted(topic, problem, remedy);
  }
}
