package dev.whatif.ebpf.kernel;

/**
 * A filled table of functions for the kernel that is not registered yet.
 *
 * @param value what the map holds, in the kernel's layout
 * @param byLink whether it was made with {@code BPF_F_LINK} and is registered by a link; else
 *     writing the value registers it and deleting it takes it back
 */
record StructOpsTable(KernelMap map, byte[] value, boolean byLink) {

  private static final byte[] ONLY = new byte[Integer.BYTES];

  KernelLink register() {
    map.update(ONLY, value);
    return byLink ? KernelLink.structOps(map) : KernelLink.registered(map, ONLY);
  }
}
