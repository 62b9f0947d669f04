/**
 * {@code eddy campaign}: runs brokers, forecasters and a load in processes of their own, injects
 * faults by a <em>schedule</em>, and compares the result with a <em>ledger</em> of what was sent.
 *
 * <p>A schedule is drawn from a seed or read from a file. A {@link
 * io.eddy.bench.campaign.FaultInjector} carries it out on the processes, on the state folders and
 * on the {@link io.eddy.bench.campaign.TcpProxy proxies} between the processes.
 */
@NullMarked
package io.eddy.bench.campaign;

import org.jspecify.annotations.NullMarked;
