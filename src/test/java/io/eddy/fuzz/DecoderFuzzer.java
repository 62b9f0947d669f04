package io.eddy.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Calls a decoder with mutated inputs. Each must be decoded or rejected with a documented
 * exception, and must not allocate more memory than a multiple of its size. {@code
 * -Deddy.fuzz.seconds=300} fuzzes each decoder for that time, with other inputs at every run.
 */
public final class DecoderFuzzer {
  private static final int SECONDS = Integer.getInteger("eddy.fuzz.seconds", 0);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Bytes that a decoder may allocate for any input, such as its buffers and an exception. */
  private static final long BASE_BYTES = 2 << 20;

  /** Bytes that a decoder may allocate for each byte of its input. */
  private static final long BYTES_PER_BYTE = 2000;

  private final List<Class<? extends RuntimeException>> documented;
  private final int rounds;

  /** A decoder under test. */
  @FunctionalInterface
  public interface Decoder {
    void decode(byte[] input) throws Exception;
  }

  /**
   * Creates a fuzzer.
   *
   * @param rounds inputs in the unit tests
   * @param documented exceptions by which the decoder may reject an input
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public DecoderFuzzer(int rounds, Class<? extends RuntimeException>... documented) {
    this.rounds = rounds;
    this.documented = List.of(documented);
  }

  /**
   * Fuzzes a decoder.
   *
   * @param examples valid inputs
   */
  public void fuzz(Decoder decoder, List<byte[]> examples) {
    for (byte[] example : examples) {
      // Classes are loaded and schemas are read before memory is measured.
      decode(decoder, example);
      check(decoder, example);
    }
    Mutator mutator = new Mutator(examples, new Random(SECONDS == 0 ? 2026 : System.nanoTime()));
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    for (int i = 0; SECONDS == 0 ? i < rounds : System.nanoTime() < end; i++) {
      check(decoder, mutator.next());
    }
  }

  private void check(Decoder decoder, byte[] input) {
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    decode(decoder, input);
    long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    if (allocated > BASE_BYTES + BYTES_PER_BYTE * input.length) {
      throw new AssertionError(
          "%d bytes allocated for %d bytes of input: %s"
              .formatted(allocated, input.length, hex(input)));
    }
  }

  private void decode(Decoder decoder, byte[] input) {
    try {
      decoder.decode(input.clone());
    } catch (Exception e) {
      if (documented.stream().noneMatch(type -> type.isInstance(e))) {
        throw new AssertionError("undocumented exception, input: " + hex(input), e);
      }
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError("input: " + hex(input), e);
    }
  }

  private static String hex(byte[] input) {
    return HexFormat.of().formatHex(input);
  }
}
