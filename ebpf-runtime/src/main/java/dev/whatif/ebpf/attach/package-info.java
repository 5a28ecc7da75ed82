/**
 * The way into a live process that cannot harm it.
 *
 * <p>{@link dev.whatif.ebpf.attach.Injector#enter} stops the target for a moment, lets one of its
 * threads make a few system calls through a {@code RestoringStub} that lies in unused bytes of its
 * vdso, and shares memory with it ({@link dev.whatif.ebpf.attach.CodeSpace}): code that the target
 * runs and we write, data that both write. Kernel maps ({@link
 * dev.whatif.ebpf.attach.Injector#passMap}) and signal handlers ({@link
 * dev.whatif.ebpf.attach.InstalledHandler}) get in the same way, and everything gets out again.
 *
 * <p>What is promised:
 *
 * <ul>
 *   <li>The controller may be killed at any instant: the target goes on, with the right results.
 *   <li>A call is injected only if nothing in the target would refuse it; otherwise nothing is done
 *       and the reason is said.
 *   <li>After leaving, {@code /proc/PID/maps}, {@code /proc/PID/fd} and the signal actions are what
 *       they were. What a killed controller leaves behind, the next one removes.
 *   <li>Nothing that is read from shared memory is believed: the target can write there.
 * </ul>
 *
 * <p>Start reading at {@link dev.whatif.ebpf.attach.Injector}, then {@code RestoringStub}.
 */
package dev.whatif.ebpf.attach;
