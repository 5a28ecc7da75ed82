/**
 * Maps outside of the kernel: BPF maps in memory that several processes share, used at once from
 * Java, by interpreted programs and by machine code in other processes.
 *
 * <p>Start reading at {@link dev.whatif.ebpf.map.BpfMap}: what all kinds have in common. {@link
 * dev.whatif.ebpf.map.MapMemory} is the memory, one region for each map; {@link
 * dev.whatif.ebpf.map.MapLayout}, {@link dev.whatif.ebpf.map.HashLayout} and {@link
 * dev.whatif.ebpf.map.RingLayout} show every byte of it. {@link dev.whatif.ebpf.map.RingReader}
 * reads what programs send.
 *
 * <p><b>What is promised.</b> Results and error numbers are the kernel's. No operation takes a
 * lock, so none waits for a thread that stands still or has died, in whatever process. A thread
 * that is killed at any instruction leaves every map whole: an update was made or it was not. It
 * can take along one node of a table, which {@link dev.whatif.ebpf.map.BpfMap#sweep} gives back,
 * and leave records of a ring unfinished, which are skipped and counted once {@link
 * dev.whatif.ebpf.map.ThreadSlots} has proven it dead. One that stands still loses nothing.
 *
 * <p><b>What is not.</b> Values of arrays and of one slot are copied in place, so that who is
 * killed in the middle leaves half of one (as in the kernel). A program that keeps the address of a
 * value after the key was deleted sees the key that comes after it. Tags have 32 bits: who stands
 * still between two instructions while a word changes exactly a multiple of 2^32 times takes it for
 * unchanged.
 */
package dev.whatif.ebpf.map;
