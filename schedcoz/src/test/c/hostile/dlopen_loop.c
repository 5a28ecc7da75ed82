// Loads a library with the region in it, calls it, unloads it, as fast as it goes, at ever other addresses; another
// thread owes.
#define OWN_REGION
#include "truth.h"
static inline uint64_t hot(long n);
#include "hostile.h"
#include <dlfcn.h>
#include <libgen.h>

static char file[4096];
static uint64_t (*code)(long);

static inline uint64_t hot(long n) { return code(n); }

static void *other(void *nothing) {
  for (;;) {
    do_cold();
    sched_yield();
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  ssize_t n = readlink("/proc/self/exe", file, sizeof file - 16);
  must(n > 0, "readlink");
  file[n] = 0;
  strcpy(strrchr(file, '/'), "/region.so");
  thread(other, NULL);
  void *gaps[64] = {NULL};
  for (long round = 0; !is_over(); round++) {
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      return 2;
    }
    void *symbol = dlsym(library, "hot");
    must(symbol != NULL, "dlsym");
    memcpy(&code, &symbol, sizeof code);
    do_hot();
    dlclose(library);
    // Something else takes its place for a while.
    long at = round % 64;
    if (gaps[at]) {
      munmap(gaps[at], 4096);
    }
    gaps[at] = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    step();
  }
  hostile_end();
}
