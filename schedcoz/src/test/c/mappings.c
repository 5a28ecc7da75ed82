// Code in thousands of mappings that come and go. A file holds a loop in each of its pages, at an offset that differs;
// each page is mapped by itself, between anonymous pages of which another thread maps and unmaps all it can.
//   mappings FILE
// Obeys lines: the number of a page, whose loop runs for some milliseconds. The answer: where that loop lies in the file.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGES = 1500, PAGE = 4096, STRIDE = 2 * PAGE, MILLIS = 150 };

// mov $0x2000,%ecx; dec %ecx; jnz; ret
static const unsigned char loop[] = {0xb9, 0, 0x20, 0, 0, 0xff, 0xc9, 0x75, 0xfc, 0xc3};

static unsigned char *area;
static int file;
static volatile int used = -1;
static volatile long churned;

static void must(int fine, const char *what) {
  if (fine) return;
  perror(what);
  _exit(1);
}

static long offset_in_page(int page) { return 64 + page % 50 * 64; }

static void map_code(int page) {
  unsigned char *at = area + (long)page * STRIDE;
  must(mmap(at, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, (long)page * PAGE) == at, "mmap");
}

static void *churn(void *nothing) {
  unsigned long random = 1;
  for (;;) {
    random = random * 6364136223846793005UL + 1442695040888963407UL;
    int page = (random >> 33) % PAGES;
    unsigned char *gap = area + (long)page * STRIDE + PAGE;
    if (random >> 60 & 1) {
      munmap(gap, PAGE);
    } else {
      mmap(gap, PAGE, random >> 61 & 1 ? PROT_READ : PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
    }
    if (page != used && (random >> 50 & 3) == 0) {
      munmap(area + (long)page * STRIDE, PAGE);
      map_code(page);
    }
    churned++;
  }
  return nothing;
}

static long cpu_micros(void) {
  struct rusage u;
  getrusage(RUSAGE_THREAD, &u);
  return u.ru_utime.tv_sec * 1000000L + u.ru_utime.tv_usec + u.ru_stime.tv_sec * 1000000L + u.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  must(argc == 2, "usage: mappings FILE");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0700);
  must(file >= 0 && !ftruncate(file, (long)PAGES * PAGE), argv[1]);
  for (int i = 0; i < PAGES; i++)
    must(pwrite(file, loop, sizeof loop, (long)i * PAGE + offset_in_page(i)) == sizeof loop, "pwrite");
  area = mmap(0, (long)PAGES * STRIDE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  must(area != MAP_FAILED, "mmap");
  for (int i = 0; i < PAGES; i++) map_code(i);
  pthread_t other;
  must(!pthread_create(&other, 0, churn, 0), "pthread_create");
  printf("ready\n");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    int page = atoi(line) % PAGES;
    used = page;
    usleep(2000);  // the other may be about to map it anew
    map_code(page);
    void (*run)(void) = (void (*)(void))(area + (long)page * STRIDE + offset_in_page(page));
    long end = cpu_micros() + MILLIS * 1000;
    do {
      for (int i = 0; i < 20; i++) run();
    } while (cpu_micros() < end);
    long at = (long)page * PAGE + offset_in_page(page);
    printf("%ld %ld %ld\n", at, at + (long)sizeof loop, churned);
    fflush(stdout);
  }
}
