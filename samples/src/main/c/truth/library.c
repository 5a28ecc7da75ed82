// As barrier.c, but X is in a shared library (region.c) that is loaded at run time: min(s, 1/3).
// Variant "reload": it is closed and loaded again every 200 rounds, at another address.
#define OWN_REGION
#include "truth.h"
#include <dlfcn.h>

static pthread_barrier_t meeting;
static char file[4096];

typedef uint64_t (*region_code)(long);

static void *load(void) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(2);
  }
  return library;
}

static region_code find(void *library) {
  region_code found;
  void *symbol = dlsym(library, "hot");
  must(symbol != NULL, "dlsym");
  memcpy(&found, &symbol, sizeof found);
  return found;
}

static void *region(void *nothing) {
  keep_on_cpu(1);
  void *library = load();
  region_code code = find(library);
  for (long round = 1;; round++) {
    code(scaled(15));
    pthread_barrier_wait(&meeting);
    if (round % 200 == 0 && is_variant("reload")) {
      dlclose(library);
      // What takes the place of the library, so that it moves.
      mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      library = load();
      code = find(library);
    }
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  ssize_t n = readlink("/proc/self/exe", file, sizeof file - 16);
  must(n > 0, "readlink");
  file[n] = 0;
  strcpy(strrchr(file, '/'), "/region.so");
  pthread_barrier_init(&meeting, NULL, 2);
  thread(region, NULL);
  keep_on_cpu(0);
  while (!is_over()) {
    cold(units(10));
    pthread_barrier_wait(&meeting);
    step();
  }
  truth_end();
}
