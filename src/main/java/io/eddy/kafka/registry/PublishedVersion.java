package io.eddy.kafka.registry;

import io.eddy.rollout.Manifest;

/**
 * A version on the models topic.
 *
 * @param missingParts number of parts that are not on the topic; 0 if the version is complete
 */
public record PublishedVersion(Manifest manifest, int missingParts) {
  public boolean isComplete() {
    return missingParts == 0;
  }
}
