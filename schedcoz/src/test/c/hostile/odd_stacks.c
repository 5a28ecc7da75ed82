// One thread that owes on a stack of which a profiler may believe that a signal has room there. Variants:
//   arena     stacks that the program brings along, all in one mapping that ends in a guard, 2 KiB left of each
//   limit     the main thread at the very end of what its limit allows
//   brief     an alternate stack that is smaller than a signal frame
//   gone      an alternate stack that was unmapped
//   disarmed  a coroutine on an alternate stack that would be used from its upper end again (SS_AUTODISARM)
//   vfork     a child of vfork that works on its parent's stack
//   plain     an ordinary thread: the only one with room
#include "hostile.h"
#include <alloca.h>
#include <sys/resource.h>
#include <ucontext.h>
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

enum { STACK = 32768, LEFT = 2048, GUARD = 8192, ROOMS = 8 };
static struct arena rooms;

static void work(void) {
  do_cold();
  step();
}

__attribute__((noinline)) static void work_at(volatile char *lowest) {
  char here;
  long use = (long)(&here - (char *)lowest) - LEFT;
  volatile char *used = alloca(use > 0 ? (size_t)use : 1);
  used[0] = 1;
  for (int i = 0; i < 20 && !is_over(); i++) {
    work();
  }
}

static void *in_arena(void *lowest) {
  while (!is_over()) {
    work_at(lowest);
  }
  return NULL;
}

static void arena(void) {
  size_t all = GUARD + ROOMS * (STACK + GUARD);
  char *bytes = mmap(NULL, all + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  must(bytes != MAP_FAILED && mprotect(bytes, GUARD, PROT_NONE) == 0, "mmap");
  rooms = (struct arena){(unsigned char *)bytes + GUARD, STACK, GUARD, ROOMS};
  memset(rooms.bytes, GUARD_BYTE, all);
  pthread_t t[ROOMS];
  for (int i = 0; i < ROOMS; i++) {
    memset(room_at(&rooms, i), 0, STACK);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    must(pthread_attr_setstack(&attributes, room_at(&rooms, i), STACK) == 0, "pthread_attr_setstack");
    must(pthread_create(&t[i], &attributes, in_arena, room_at(&rooms, i)) == 0, "pthread_create");
  }
  for (int i = 0; i < ROOMS; i++) {
    pthread_join(t[i], NULL);
  }
  check_arena(&rooms, "a guard between stacks in one mapping");
}

// Uses up the main stack to its end, so that nothing below can be touched.
static void limit(void) {
  char line[512];
  unsigned long start = 0, end = 0;
  volatile char *deep = alloca(256 << 10);
  deep[0] = 1;
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps)) {
    if (strstr(line, "[stack]")) {
      sscanf(line, "%lx-%lx", &start, &end);
    }
  }
  fclose(maps);
  struct rlimit now;
  getrlimit(RLIMIT_STACK, &now);
  now.rlim_cur = end - start;
  must(setrlimit(RLIMIT_STACK, &now) == 0, "setrlimit");
  while (!is_over()) {
    work_at((volatile char *)start);
  }
}

static void alternate(size_t size, int gone) {
  void *bytes = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  stack_t stack = {.ss_sp = bytes, .ss_size = size};
  must(sigaltstack(&stack, NULL) == 0, "sigaltstack");
  if (gone) {
    munmap(bytes, 65536);
  }
  while (!is_over()) {
    work();
  }
}

#ifdef __GLIBC__ // others have no coroutines
static ucontext_t own, coroutine;

static void on_alternate(void) {
  while (!is_over()) {
    volatile char mine[8192];
    memset((char *)mine, 0x5a, sizeof mine);
    work();
    for (size_t i = 0; i < sizeof mine; i++) {
      if (mine[i] != 0x5a) {
        report_wrong("bytes on the alternate stack", mine[i], 0x5a);
      }
    }
  }
  swapcontext(&coroutine, &own);
}

static void disarmed(void) {
  static char bytes[65536];
  stack_t stack = {.ss_sp = bytes, .ss_size = sizeof bytes, .ss_flags = (int)SS_AUTODISARM};
  must(sigaltstack(&stack, NULL) == 0, "sigaltstack");
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = bytes;
  coroutine.uc_stack.ss_size = sizeof bytes;
  makecontext(&coroutine, on_alternate, 0);
  swapcontext(&own, &coroutine);
}
#else
static void disarmed(void) { must(0, "swapcontext"); }
#endif

static void with_vfork(void) {
  while (!is_over()) {
    pid_t pid = vfork();
    if (pid == 0) {
      for (int i = 0; i < 20; i++) {
        do_cold();
      }
      _exit(7);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      report_eintr("waitpid");
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) {
      report_wrong("a child of vfork", status, 7 << 8);
    }
    step();
  }
}

static void *plain(void *nothing) {
  while (!is_over()) {
    work();
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  thread(hot_for_ever, NULL);
  if (is_variant("arena")) {
    arena();
  } else if (is_variant("limit")) {
    limit();
  } else if (is_variant("brief")) {
    alternate(2048, 0);
  } else if (is_variant("gone")) {
    alternate(65536, 1);
  } else if (is_variant("disarmed")) {
    disarmed();
  } else if (is_variant("vfork")) {
    with_vfork();
  } else {
    pthread_join(thread(plain, NULL), NULL);
  }
  hostile_end();
}
