package dev.whatif.core.capability;

/**
 * The effective capabilities of this process ({@code include/uapi/linux/capability.h}).
 *
 * @param mask bit N is capability N
 * @param userId the effective user
 */
public record Privileges(long mask, long userId) {

  private static final int CAP_SYS_PTRACE = 19;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_PERFMON = 38;
  private static final int CAP_BPF = 39;

  /** Of this process. */
  public static Privileges of(KernelFiles files) {
    String mask = files.field("/proc/self/status", "CapEff").orElse("0");
    String users = files.field("/proc/self/status", "Uid").orElse("");
    String[] ids = users.split("\\s+", -1);
    try {
      return new Privileges(
          Long.parseUnsignedLong(mask, 16), ids.length > 1 ? Long.parseLong(ids[1]) : -1);
    } catch (NumberFormatException e) {
      return new Privileges(0, -1);
    }
  }

  /** May look at everybody's performance events, the kernel's too. */
  public boolean perfmon() {
    return has(CAP_PERFMON) || has(CAP_SYS_ADMIN);
  }

  /** May load any BPF program. */
  public boolean bpf() {
    return has(CAP_BPF) || has(CAP_SYS_ADMIN);
  }

  /** May trace other users' processes. */
  public boolean ptrace() {
    return has(CAP_SYS_PTRACE);
  }

  /** May do nearly everything. */
  public boolean admin() {
    return has(CAP_SYS_ADMIN);
  }

  private boolean has(int capability) {
    return (mask >>> capability & 1) != 0;
  }
}
