/**
 * Permissions that Eddy's commands need on a Kafka cluster with an authorizer.
 *
 * <p>An {@code AccessRole} is a group of commands that run under the same principal, such as the
 * forecaster or the trainer. {@code RequiredAccess} is the only place that says which {@code
 * Permission} a role needs: the command {@code eddy acls} prints it, and a forecaster checks it
 * before it starts.
 *
 * <p>May use the settings, and the classes that name groups, transactional ids and internal topics.
 */
@NullMarked
package io.eddy.kafka.access;

import org.jspecify.annotations.NullMarked;
