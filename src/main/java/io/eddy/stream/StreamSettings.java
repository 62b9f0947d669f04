package io.eddy.stream;

import io.eddy.codec.EventFormat;

/**
 * What the topology needs to know.
 *
 * @param model name of the model that serves
 * @param format of the events
 * @param topics where everything lies
 */
public record StreamSettings(String model, EventFormat format, TopicNames topics) {}
