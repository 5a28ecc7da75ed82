package dev.whatif.ebpf.object;

/** Whether a map outlives its creator (libbpf, {@code enum libbpf_pin_type}). */
public enum Pinning {
  NONE,
  /** In the BPF file system, by the map's name. */
  BY_NAME
}
