// Times the machine code of map operations: map_bench CODE, then lines "NAME MAP ROUTINE SECOND COUNT" on stdin, each
// answered by nanoseconds for all of them. ROUTINE and SECOND are offsets in CODE, -1 for none.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEYS 1024
#define STEP 421

static uint32_t invocation[64] = {0, 0, 1};

static char *mapped(const char *path, int protection, size_t *size) {
  int fd = open(path, protection & PROT_WRITE ? O_RDWR : O_RDONLY);
  struct stat s;
  if (fd < 0 || fstat(fd, &s)) exit(3);
  void *at = mmap(0, s.st_size, protection, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (at == MAP_FAILED) exit(4);
  close(fd);
  *size = s.st_size;
  return at;
}

static inline __attribute__((always_inline)) long call(char *f, const void *a, const void *b, const void *c, long d) {
  register void *block asm("r12") = invocation;
  long result;
  asm volatile("call *%[f]"
               : "=a"(result), "+D"(a), "+S"(b), "+d"(c), "+c"(d)
               : [f] "b"(f), "r"(block)
               : "r8", "r9", "r10", "r11", "memory", "cc");
  return result;
}

static uint64_t nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

int main(int argc, char **argv) {
  size_t size;
  char *code = mapped(argv[1], PROT_READ | PROT_EXEC, &size);
  char name[64], path[128];
  long first, second, count;
  while (scanf("%63s %127s %ld %ld %ld", name, path, &first, &second, &count) == 5) {
    char *map = mapped(path, PROT_READ | PROT_WRITE, &size);
    uint64_t sum = 0, start = nanos();
    int lookup = strstr(name, "lookup") != 0, ring = strstr(name, "ring") != 0, evict = strstr(name, "evict") != 0;
    for (long i = 0; i < count; i++) {
      uint64_t key = (uint32_t)i * STEP & KEYS - 1, value = i;
      if (first < 0) {
        asm volatile("" : : "r"(key), "r"(value) : "memory");
      } else if (lookup) {
        uint64_t *found = (uint64_t *)call(code + first, map, &key, 0, 0);
        if (found) sum += *found;
      } else if (ring) {
        call(code + first, map, &value, (void *)sizeof value, 1);
      } else {
        if (evict) key = sum += 7919;
        if (second >= 0) call(code + second, map, &key, 0, 0);
        call(code + first, map, &key, &value, 0);
      }
    }
    uint64_t end = nanos();
    printf("%lu\n", end - start + (sum == 1));
    fflush(stdout);
    munmap(map, size);
  }
  return 0;
}
