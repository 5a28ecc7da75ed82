package dev.whatif.core.linux;

import java.lang.foreign.Arena;

/** {@code bpf_attr.link_create}: what {@code BPF_LINK_CREATE} takes. */
public final class BpfLinkAttr extends BpfAttr {

  static final int PROG_FD = 0;
  static final int TARGET_FD = 4;
  static final int ATTACH_TYPE = 8;
  static final int FLAGS = 12;
  static final int PERF_EVENT_BPF_COOKIE = 16;
  static final int TRACING_COOKIE = 24;
  static final int UPROBE_MULTI_PATH = 16;
  static final int UPROBE_MULTI_OFFSETS = 24;
  static final int UPROBE_MULTI_REF_CTR_OFFSETS = 32;
  static final int UPROBE_MULTI_COOKIES = 40;
  static final int UPROBE_MULTI_CNT = 48;
  static final int UPROBE_MULTI_FLAGS = 52;
  static final int UPROBE_MULTI_PID = 56;
  static final int BYTES = 64;

  /**
   * A link.
   *
   * @param fd the program; for struct_ops the map
   * @param target a perf event, cgroup or interface; 0 where there is none
   */
  public BpfLinkAttr(Arena arena, int fd, int target, int attachType) {
    super(arena, BYTES);
    set(PROG_FD, fd);
    set(TARGET_FD, target);
    set(ATTACH_TYPE, attachType);
  }

  /** Sets {@code perf_event.bpf_cookie}. */
  public BpfLinkAttr eventCookie(long cookie) {
    set(PERF_EVENT_BPF_COOKIE, cookie);
    return this;
  }

  /** Sets {@code tracing.cookie}. */
  public BpfLinkAttr tracingCookie(long cookie) {
    set(TRACING_COOKIE, cookie);
    return this;
  }

  /**
   * Sets {@code uprobe_multi} (since 6.6).
   *
   * @param offsets in the file
   * @param semaphores offsets in the file of USDT counters, or none
   * @param cookies one per offset, or none
   * @param flags {@link Bpf#BPF_F_UPROBE_MULTI_RETURN}
   * @param pid 0 is every process
   */
  public BpfLinkAttr uprobes(
      String path, long[] offsets, long[] semaphores, long[] cookies, int flags, int pid) {
    copy(UPROBE_MULTI_PATH, path);
    copy(UPROBE_MULTI_OFFSETS, offsets);
    copy(UPROBE_MULTI_REF_CTR_OFFSETS, semaphores);
    copy(UPROBE_MULTI_COOKIES, cookies);
    set(UPROBE_MULTI_CNT, offsets.length);
    set(UPROBE_MULTI_FLAGS, flags);
    set(UPROBE_MULTI_PID, pid);
    return this;
  }
}
