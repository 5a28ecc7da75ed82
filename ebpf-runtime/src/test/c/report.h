// What a target says about itself while it runs: one page of a file that the test maps, too.
// The layout is told once more in dev.whatif.ebpf.attach.target.ReportPage.
#ifndef REPORT_H
#define REPORT_H
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REPORT_BYTES = 4096, REPORT_TEXT = 96, REPORT_THREADS = 256 };

struct report {
  uint64_t ready;   // 1 when every thread has begun
  uint64_t wrong;   // results that were not the known ones
  uint64_t eintr;   // calls that failed with EINTR though nobody sent a signal
  uint64_t threads; // how many count their rounds
  char text[REPORT_TEXT]; // about the first failure
  uint64_t rounds[REPORT_THREADS];
};

static volatile struct report *report;

static void report_open(const char *path) {
  int fd = open(path, O_RDWR);
  void *page = fd < 0 ? MAP_FAILED : mmap(0, REPORT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) {
    perror(path);
    exit(2);
  }
  close(fd);
  report = page;
}

static void report_wrong(const char *what, long got, long wanted) {
  if (__atomic_fetch_add(&report->wrong, 1, __ATOMIC_SEQ_CST) == 0) {
    snprintf((char *)report->text, REPORT_TEXT, "%s: %ld (%#lx), not %ld", what, got, got, wanted);
  }
}

static void report_eintr(const char *call) {
  if (__atomic_fetch_add(&report->eintr, 1, __ATOMIC_SEQ_CST) == 0 && report->text[0] == 0) {
    snprintf((char *)report->text, REPORT_TEXT, "%s: EINTR", call);
  }
}

static void report_round(int thread) { __atomic_fetch_add(&report->rounds[thread], 1, __ATOMIC_SEQ_CST); }
#endif
