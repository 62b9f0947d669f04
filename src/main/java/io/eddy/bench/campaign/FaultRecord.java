package io.eddy.bench.campaign;

/**
 * A fault that was carried out.
 *
 * @param beginNs by {@link System#nanoTime}
 * @param endNs when it was healed
 * @param detail what the fault chose itself, or why it could not be carried out
 */
record FaultRecord(Fault fault, long beginNs, long endNs, String detail) {}
