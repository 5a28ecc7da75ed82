"""work REPORT: threads that know what must come out, for ever (the report is that of report.h)."""

import gc
import mmap
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib

WRONG, EINTR, THREADS, TEXT, ROUNDS = 8, 16, 24, 32, 128
lock = threading.Lock()
with open(sys.argv[1], "r+b") as file:
    page = mmap.mmap(file.fileno(), 4096)


def add(offset):
    with lock:
        struct.pack_into("<Q", page, offset, struct.unpack_from("<Q", page, offset)[0] + 1)


def check(what, got, wanted):
    if got != wanted:
        add(WRONG)
        if page[TEXT] == 0:
            page[TEXT : TEXT + 96] = f"{what}: {got}, not {wanted}".encode()[:95].ljust(96, b"\0")


def numbers():
    check("2 ** 4000 % 1000007", pow(2, 4000, 1000007), 823040)
    check("sum", sum(i * i for i in range(3000)), 8995500500)
    check("float", sum(i * 0.5 for i in range(1000)), 249750.0)
    time.sleep(0.001)


def objects():
    things = [{"n": n, "text": str(n), "self": []} for n in range(2000)]
    for t in things:
        t["self"].append(t)  # only the collector frees these
    check("objects", sum(int(t["text"]) - t["n"] for t in things), 0)
    del things
    gc.collect()
    time.sleep(0.005)


def sleeps():
    since = time.monotonic()
    time.sleep(0.005)
    check("sleep", time.monotonic() - since >= 0.005, True)


def sockets():
    a, b = socket.socketpair()
    b.settimeout(0.005)
    try:
        b.recv(1)
        check("recv", "data", "timeout")
    except TimeoutError:
        pass
    a.send(b"seven")
    check("recv", b.recv(10), b"seven")
    check("select", select.select([b], [], [], 0.003)[0], [])
    a.close()
    b.close()


def files():
    data = os.urandom(5000)
    check("inflate", zlib.decompress(zlib.compress(data)), data)
    time.sleep(0.001)


def processes():
    check("a process", subprocess.run(["/bin/sh", "-c", "exit 7"]).returncode, 7)
    time.sleep(0.1)


def forever(number, job):
    while True:
        job()
        add(ROUNDS + 8 * number)


JOBS = [numbers, objects, sleeps, sockets, files, processes]
struct.pack_into("<Q", page, THREADS, len(JOBS))
for n, job in enumerate(JOBS):
    threading.Thread(target=forever, args=(n, job), daemon=True).start()
struct.pack_into("<Q", page, 0, 1)
while True:
    time.sleep(1)
