/**
 * Topics: names, definitions, creation and checks, and reading and writing outside Kafka Streams.
 *
 * <p>{@code TopicDefinitions} states the settings of every topic. {@code TopicAdmin} creates
 * missing topics, and {@code TopicCheck} compares existing ones with the definitions. Depends on
 * {@code rollout} only for the size of a model file's part.
 */
@NullMarked
package io.eddy.kafka.topics;

import org.jspecify.annotations.NullMarked;
