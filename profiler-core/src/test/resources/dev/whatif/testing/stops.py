# Run by gdb: stops a running process again and again, and writes what gdb sees of every thread.
#
# In:  whatif_pid, whatif_stops, whatif_pause (seconds between two stops, on average), whatif_out
# Out: whatif_out (text) and whatif_out + ".stack" (the bytes of all stacks one behind the other):
#   MAPS n            n lines of /proc/PID/maps, valid until the next MAPS
#   STOP number thread-id    a thread at a stop
#   REGS r0 ... r16   hexadecimal, by DWARF number
#   STACK address offset length   one per stack that a frame lies on: signal handlers may have their own
#   FRAME pc type line name TAB file    from the innermost; type is gdb's number, line 0 if unknown
#   END reason        why gdb's backtrace ends there
import random
import subprocess

REGISTERS = ["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
             "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"]
MAX_STACK = 1 << 20
MASK = (1 << 64) - 1


def maps():
    with open("/proc/%d/maps" % whatif_pid) as f:
        return f.read().splitlines()


def stack_end(lines, address):
    for line in lines:
        low, high = (int(x, 16) for x in line.split()[0].split("-"))
        if low <= address < high:
            return high
    return address


def copy_stack(out, stacks, lines, sp):
    end = min(stack_end(lines, sp), sp + MAX_STACK)
    stack = gdb.selected_inferior().read_memory(sp, end - sp).tobytes() if end > sp else b""
    out.write("STACK %x %d %d\n" % (sp, stacks.tell(), len(stack)))
    stacks.write(stack)
    return sp, end


def blocks(pc):
    """The blocks around an address, inlined functions and lexical blocks, up to the function."""
    result = []
    block = gdb.block_for_pc(pc)
    while block is not None and not block.is_global and not block.is_static:
        result.append((block.start, block.end, str(block.function)))
        block = block.superblock
    return result


def show_hidden_frames():
    # Where a thread stops on the first instruction of an inlined function, gdb pretends that the
    # call is still to come and hides the frame (skip_inline_frames in gdb/inline-frame.c), but not
    # after "stepi" (handle_signal_stop in gdb/infrun.c): go one instruction further.
    pc = gdb.newest_frame().pc()
    before = blocks(pc - 1)
    entered = [b for b in blocks(pc)[:-1] if b not in before]
    if entered:
        gdb.execute("set scheduler-locking on")
        gdb.execute("stepi", to_string=True)
        gdb.execute("set scheduler-locking off")


def dump(out, stacks, lines, number, thread):
    thread.switch()
    frame = gdb.newest_frame()
    values = [int(frame.read_register(r)) & MASK for r in REGISTERS]
    out.write("STOP %d %d\n" % (number, thread.ptid[1]))
    out.write("REGS %s\n" % " ".join("%x" % v for v in values))
    copied = [copy_stack(out, stacks, lines, values[7])]
    reason = ""
    while frame is not None:
        sal = frame.find_sal()
        known = sal.symtab is not None and sal.line > 0
        out.write("FRAME %x %d %d %s\t%s\n" % (
            frame.pc(), frame.type(), sal.line if known else 0, frame.name() or "?",
            sal.symtab.filename if known else ""))
        reason = gdb.frame_stop_reason_string(frame.unwind_stop_reason())
        signal = frame.type() == gdb.SIGTRAMP_FRAME
        frame = frame.older()
        if signal and frame is not None:
            sp = int(frame.read_register("rsp")) & MASK
            if not any(low <= sp < high for low, high in copied):
                copied.append(copy_stack(out, stacks, lines, sp))
    out.write("END %s\n" % reason)


def interrupter():
    # A process of its own: while the target runs, gdb lets no Python thread run. SIGURG is ignored
    # by default and, not passed on, leaves the target as it was.
    seconds = random.uniform(0.2, 1.8) * whatif_pause
    return subprocess.Popen(["sh", "-c", "sleep %f; kill -URG %d" % (seconds, whatif_pid)])


def main():
    for command in ["set pagination off", "set confirm off", "set debuginfod enabled off",
                    "set backtrace past-main on", "set backtrace past-entry on",
                    "set print thread-events off", "set backtrace limit 2000"]:
        gdb.execute(command)
    random.seed(1)
    gdb.execute("attach %d" % whatif_pid, to_string=True)
    gdb.execute("handle SIGURG stop print nopass", to_string=True)
    gdb.execute("handle SIGALRM SIGUSR1 SIGPROF nostop noprint pass", to_string=True)
    known = None
    with open(whatif_out, "w") as out, open(whatif_out + ".stack", "wb") as stacks:
        for i in range(whatif_stops):
            process = interrupter()
            gdb.execute("continue", to_string=True)
            process.wait()
            show_hidden_frames()
            lines = maps()
            if lines != known:
                known = lines
                out.write("MAPS %d\n%s\n" % (len(lines), "\n".join(lines)))
            for thread in gdb.selected_inferior().threads():
                dump(out, stacks, lines, i, thread)
    gdb.execute("detach", to_string=True)


main()
