/**
 * The kernel's side of BPF, through {@code bpf(2)} alone: maps, programs, links and types that live
 * in the kernel as long as somebody holds their file descriptor.
 *
 * <p>Start reading at {@link dev.whatif.ebpf.kernel.KernelObject}: what all four have in common.
 * {@link dev.whatif.ebpf.kernel.KernelMap#create} and {@link
 * dev.whatif.ebpf.kernel.KernelProgram#load} take a spec, filled by name; {@link
 * dev.whatif.ebpf.kernel.KernelLink} has one way to attach per kind of place.
 *
 * <p>{@link dev.whatif.ebpf.kernel.KernelLoader} brings a whole {@link
 * dev.whatif.ebpf.object.BpfObject} into the kernel; {@link dev.whatif.ebpf.kernel.LoadedObject} is
 * what it is then.
 *
 * <p>What programs send is read in place: {@link dev.whatif.ebpf.kernel.RingBuffer}, {@link
 * dev.whatif.ebpf.kernel.PerfBuffer}; what both sides keep in common is a {@link
 * dev.whatif.ebpf.kernel.MappedArray}.
 *
 * <p>What the kernel refuses becomes a sentence with a remedy: a program that the verifier does not
 * accept is {@link dev.whatif.core.failure.BadDataException} with the instruction, the C source
 * line and the end of the log; a missing capability or a type younger than the kernel is {@link
 * dev.whatif.core.failure.UnavailableException}.
 *
 * <p>Objects may be used by any thread. Closing one while another thread uses it is a defect of the
 * caller, as with every file descriptor.
 */
package dev.whatif.ebpf.kernel;
