/**
 * End-to-end tests of the packaged product with real brokers: {@code EndToEndContract} runs with
 * the embedded broker and with one in a container, which is skipped without a Docker engine. {@code
 * RunningEddy} is the fixture of tests that start processes.
 */
@NullMarked
package io.eddy.e2e;

import org.jspecify.annotations.NullMarked;
