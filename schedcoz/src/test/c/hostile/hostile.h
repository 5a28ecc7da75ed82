// What every hostile target has in common. Each one has a region (hot) that one thread is in most of the time, and
// others that owe for it while they do what this target is about; step() is visited by one of them. Everything is
// checked: results of the work, and whatever else a signal at a bad moment could spoil.
//
// Arguments and the last line on stdout are those of the ground-truth programs (truth.h). Before it: "eintr N", calls
// that failed with EINTR though nobody in the program sent a signal. Ends with status 1 and a sentence on stderr when
// something was wrong. Variant "spoil" sends signals to itself as nobody should.
#ifndef HOSTILE_H
#define HOSTILE_H
#include "truth.h"
#include "report.h"
#include <sys/syscall.h>
#include <sys/time.h>

static uint64_t known_result;
static long known_work;

static inline void report_on(int fd) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  report_open(path);
}

static inline void nothing(int signal) { (void)signal; }

// What a careless profiler would do: a signal every millisecond, wherever it hits. So that one can see that it is seen.
static inline void spoil(void) {
  struct sigaction action = {.sa_handler = nothing};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval each = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &each, NULL);
}

static inline void hostile_begin(int argc, char **argv) {
  truth_begin(argc, argv);
  int fd = memfd_create("report", MFD_CLOEXEC);
  must(fd >= 0 && ftruncate(fd, REPORT_BYTES) == 0, "memfd_create");
  report_on(fd);
  close(fd);
  known_work = scaled(2);
  known_result = cold(known_work);
  if (is_variant("spoil")) {
    spoil();
  }
}

static inline void do_hot(void) {
  uint64_t result = hot(known_work);
  if (result != known_result) {
    report_wrong("hot", (long)result, (long)known_result);
  }
}

static inline void do_cold(void) {
  uint64_t result = cold(known_work);
  if (result != known_result) {
    report_wrong("cold", (long)result, (long)known_result);
  }
}

static inline void *hot_for_ever(void *nothing) {
  for (;;) {
    do_hot();
    // Others want the CPU, too.
    sched_yield();
  }
  return nothing;
}

static inline void hostile_end(void) {
  printf("eintr %lu %s\n", (unsigned long)report->eintr, (const char *)report->text);
  fflush(stdout);
  if (report->wrong) {
    fprintf(stderr, "%lu wrong, first: %s\n", (unsigned long)report->wrong, (const char *)report->text);
    _exit(1);
  }
  truth_end();
}

// An arena from malloc in which rooms alternate with guards that nobody may write to.
struct arena {
  unsigned char *bytes;
  size_t room, guard;
  int rooms;
};

enum { GUARD_BYTE = 0xa7 };

static inline unsigned char *room_at(const struct arena *a, int i) {
  return a->bytes + a->guard + (size_t)i * (a->room + a->guard);
}

static inline struct arena arena_of(int rooms, size_t room, size_t guard) {
  struct arena a = {NULL, room, guard, rooms};
  size_t all = guard + (size_t)rooms * (room + guard);
  // One mapping for all of them and for much besides, so that no edge of a mapping tells where a room ends.
  void *bytes = NULL;
  must(posix_memalign(&bytes, 4096, all) == 0, "posix_memalign");
  a.bytes = bytes;
  memset(a.bytes, GUARD_BYTE, all);
  for (int i = 0; i < rooms; i++) {
    memset(room_at(&a, i), 0, room);
  }
  return a;
}

static inline void check_guard(const unsigned char *guard, size_t n, const char *what, int i) {
  for (size_t at = n; at-- > 0;) {
    if (guard[at] != GUARD_BYTE) {
      report_wrong(what, i, -1);
      return;
    }
  }
}

static inline void check_arena(const struct arena *a, const char *what) {
  check_guard(a->bytes, a->guard, what, -1);
  for (int i = 0; i < a->rooms; i++) {
    check_guard(room_at(a, i) + a->room, a->guard, what, i);
  }
}
#endif
