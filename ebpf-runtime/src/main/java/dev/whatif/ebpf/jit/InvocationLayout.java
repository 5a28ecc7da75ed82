package dev.whatif.ebpf.jit;

/**
 * What a running program and its helpers know of the call: one block of memory for each, whose
 * address is in r12 throughout.
 *
 * <pre>
 *   0   u64  pid_tgid: process in the upper half, thread in the lower
 *   8   u32  slot of the thread, for per-CPU maps
 *  12   u32  number of the CPU
 *  16   u64  cookie of the attachment
 *  24   u64  address of the function that was probed
 *  32   u64  uid_gid: group in the upper half, user in the lower
 *  40   char comm[16]
 *  56   u64  address of parameters that all processes share
 *  64   u32  tail calls made
 *  68   u32  unused
 *  72        56 bytes for the helpers' own use
 * 128
 * </pre>
 */
public final class InvocationLayout {

  public static final int PID_TGID_OFFSET = 0;
  public static final int THREAD_SLOT_OFFSET = PID_TGID_OFFSET + Long.BYTES;
  public static final int CPU_OFFSET = THREAD_SLOT_OFFSET + Integer.BYTES;
  public static final int COOKIE_OFFSET = CPU_OFFSET + Integer.BYTES;
  public static final int FUNCTION_OFFSET = COOKIE_OFFSET + Long.BYTES;
  public static final int UID_GID_OFFSET = FUNCTION_OFFSET + Long.BYTES;
  public static final int COMM_OFFSET = UID_GID_OFFSET + Long.BYTES;

  /** TASK_COMM_LEN of include/linux/sched.h. */
  public static final int COMM_BYTES = 16;

  public static final int PARAMETERS_OFFSET = COMM_OFFSET + COMM_BYTES;
  public static final int TAIL_CALLS_OFFSET = PARAMETERS_OFFSET + Long.BYTES;
  public static final int SCRATCH_OFFSET = TAIL_CALLS_OFFSET + 2 * Integer.BYTES;
  public static final int BYTES = 128;

  /** MAX_TAIL_CALL_CNT of include/linux/bpf.h. */
  public static final int MOST_TAIL_CALLS = 33;

  private InvocationLayout() {}
}
