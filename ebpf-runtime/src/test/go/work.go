// work REPORT: goroutines that know what must come out, for ever (the report is that of report.h).
// Small stacks that grow and shrink, garbage whose contents are looked at, channels, sleeps, files.
package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

const (
	wrong    = 1
	eintr    = 2
	threads  = 3
	textAt   = 32
	textSize = 96
	rounds   = 128 / 8
)

var (
	page  []byte
	words *[512]uint64
	once  sync.Once
)

func failed(what string, got, wanted interface{}) {
	atomic.AddUint64(&words[wrong], 1)
	once.Do(func() {
		text := fmt.Sprintf("%s: %v, not %v", what, got, wanted)
		if len(text) >= textSize {
			text = text[:textSize-1]
		}
		copy(page[textAt:], text)
	})
}

// Every frame keeps a pattern on its stack: growing copies it, 2 kB at first.
func deep(n int, seed uint64) uint64 {
	var local [16]uint64
	for i := range local {
		local[i] = seed + uint64(i)
	}
	below := uint64(0)
	if n > 0 {
		below = deep(n-1, seed*31+7)
	}
	for i := range local {
		if local[i] != seed+uint64(i) {
			failed("a frame's memory", local[i], seed+uint64(i))
		}
	}
	return below + local[15]
}

func recursion(i int) {
	known := deep(3, 5)
	again := make(chan uint64)
	go func() { again <- deep(3, 5) }()
	go func() { deep(200, uint64(i)); again <- known }()
	if a, b := <-again, <-again; a != known || b != known {
		failed("recursion", a, known)
	}
}

type node struct {
	next  *node
	value uint64
	bulk  []byte
}

func garbage(i int) {
	var head *node
	sum := uint64(0)
	for n := uint64(0); n < 2000; n++ {
		bulk := make([]byte, 64)
		bulk[n%64] = byte(n)
		head = &node{head, n * n, bulk}
		sum += n * n
	}
	for n, at := head, uint64(1999); n != nil; n, at = n.next, at-1 {
		sum -= n.value
		if n.value != at*at || n.bulk[at%64] != byte(at) {
			failed("a node", n.value, at*at)
		}
	}
	if sum != 0 {
		failed("the sum over nodes", sum, 0)
	}
}

func channels(i int) {
	in, out := make(chan int), make(chan int, 3)
	go func() {
		for v := range in {
			out <- v * 3
		}
		close(out)
	}()
	for v := 0; v < 100; v++ {
		in <- v
		if got := <-out; got != v*3 {
			failed("a channel", got, v*3)
		}
	}
	close(in)
}

func sleeps(i int) {
	since := time.Now()
	time.Sleep(5 * time.Millisecond)
	if took := time.Since(since); took < 5*time.Millisecond {
		failed("Sleep", took, "5ms or more")
	}
}

func pipes(i int) {
	r, w, err := os.Pipe()
	if err != nil {
		failed("Pipe", err, nil)
		return
	}
	text := fmt.Sprintf("number %d", i)
	go func() {
		time.Sleep(time.Millisecond)
		io.WriteString(w, text)
		w.Close()
	}()
	got, err := io.ReadAll(r)
	r.Close()
	if err != nil || string(got) != text {
		failed("a pipe", err, text)
	}
}

// A blocking call in the raw, of which the runtime takes no EINTR away.
func raw(i int) {
	t := syscall.Timespec{Nsec: 5000000}
	_, _, e := syscall.Syscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t)), 0, 0)
	// The runtime's own preemption signals (SIGURG) end it, too: not counted as an error.
	if e != 0 && e != syscall.EINTR {
		failed("nanosleep", e, 0)
	}
}

func main() {
	file, err := os.OpenFile(os.Args[1], os.O_RDWR, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	page, err = syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	words = (*[512]uint64)(unsafe.Pointer(&page[0]))
	jobs := []func(int){recursion, garbage, channels, sleeps, pipes, raw}
	words[threads] = uint64(len(jobs))
	for n, job := range jobs {
		go func(n int, job func(int)) {
			for i := 0; ; i++ {
				job(i)
				atomic.AddUint64(&words[rounds+n], 1)
				time.Sleep(200 * time.Microsecond)
			}
		}(n, job)
	}
	words[0] = 1
	select {}
}
