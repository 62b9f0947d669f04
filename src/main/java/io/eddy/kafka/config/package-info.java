/**
 * Settings: their definition, sources and validation.
 *
 * <p>A <i>setting</i> has a key such as {@code state.dir}. {@code SettingSources} collects raw
 * values from a properties file, environment variables and the command line. {@code EddyConfig}
 * validates them against one {@code ConfigDef}, to which each {@code …Settings} class adds a topic,
 * and maps them to records of the packages that use them: {@code StreamSettings} for the topology
 * and {@code Deployment} for the process.
 *
 * <p>May use the records of the lower layers that settings are mapped to; Kafka's {@code ConfigDef}
 * and the names of its clients' properties.
 */
@NullMarked
package io.eddy.kafka.config;

import org.jspecify.annotations.NullMarked;
