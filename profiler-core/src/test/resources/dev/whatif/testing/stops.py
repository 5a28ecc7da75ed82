# Run by gdb: stops a running process again and again, and writes what gdb sees of every thread.
#
# In:  whatif_pid, whatif_stops, whatif_pause (seconds between two stops, on average), whatif_out
# Out: whatif_out (text) and whatif_out + ".stack" (the bytes of all stacks one behind the other):
#   MAPS n            n lines of /proc/PID/maps, valid until the next MAPS
#   STOP thread-id    a thread at a stop
#   REGS r0 ... r16   hexadecimal, by DWARF number
#   STACK address offset length
#   FRAME pc type name        from the innermost; type is gdb's number
#   END reason        why gdb's backtrace ends there
import random
import subprocess

REGISTERS = ["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
             "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"]
MAX_STACK = 1 << 20


def maps():
    with open("/proc/%d/maps" % whatif_pid) as f:
        return f.read().splitlines()


def stack_end(lines, address):
    for line in lines:
        low, high = (int(x, 16) for x in line.split()[0].split("-"))
        if low <= address < high:
            return high
    return address


def dump(out, stacks, lines, thread):
    thread.switch()
    frame = gdb.newest_frame()
    values = [int(frame.read_register(r)) & (1 << 64) - 1 for r in REGISTERS]
    sp = values[7]
    length = min(stack_end(lines, sp) - sp, MAX_STACK)
    stack = gdb.selected_inferior().read_memory(sp, length).tobytes() if length > 0 else b""
    out.write("STOP %d\n" % thread.ptid[1])
    out.write("REGS %s\n" % " ".join("%x" % v for v in values))
    out.write("STACK %x %d %d\n" % (sp, stacks.tell(), len(stack)))
    stacks.write(stack)
    reason = ""
    while frame is not None:
        out.write("FRAME %x %d %s\n" % (frame.pc(), frame.type(), frame.name() or "?"))
        reason = gdb.frame_stop_reason_string(frame.unwind_stop_reason())
        frame = frame.older()
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
            lines = maps()
            if lines != known:
                known = lines
                out.write("MAPS %d\n%s\n" % (len(lines), "\n".join(lines)))
            for thread in gdb.selected_inferior().threads():
                dump(out, stacks, lines, thread)
    gdb.execute("detach", to_string=True)


main()
