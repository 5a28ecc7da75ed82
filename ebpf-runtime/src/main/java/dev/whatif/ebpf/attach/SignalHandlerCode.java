package dev.whatif.ebpf.attach;

import dev.whatif.core.x86.Emitter;

/**
 * The body of a signal handler that will run in a foreign process.
 *
 * <p>It is called with the number of the signal in edi, {@code siginfo_t *} in rsi, {@code
 * ucontext_t *} in rdx, the return address on the stack, and every signal blocked. The interrupted
 * code gets all registers and its mask back from the kernel, so it may change every register but
 * rsp, vector registers included. It must not use thread-local storage ({@code fs} belongs to the
 * target's C library, if there is one), call anything, or write outside of its data; it makes
 * system calls by {@code syscall} itself.
 */
public interface SignalHandlerCode {

  /** How many bytes of shared data it uses; zero in the beginning. */
  long dataBytes();

  /**
   * Emits it. Ends in {@code ret}.
   *
   * @param code writes to where it will run
   * @param data where its data lie in the target
   */
  void emit(Emitter code, long data);
}
