/**
 * The product against real brokers: one suite of end-to-end tests, run over a broker in the process
 * and over one in a container.
 *
 * <p>Where no Docker engine answers, the tests over the container are reported as skipped, each by
 * its name. A new end-to-end test goes into {@code EndToEndContract}, with topics of its own.
 */
@NullMarked
package io.eddy.e2e;

import org.jspecify.annotations.NullMarked;
