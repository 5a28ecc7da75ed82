// libbpf's readers of the rings that bpf/rings.c fills: how many records, and the sum over them in any order.
//   libbpf_rings ring ID | events ID   [KILLED_AFTER]
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long records, sum, lost, killed_after;

static void take(const void *data, unsigned long length) {
  unsigned long words[2];
  memcpy(words, data, sizeof words);
  records++;
  sum += (words[1] + 1) * 0x9e3779b97f4a7c15UL ^ words[0] << 32 ^ length;
  if (records == killed_after) {
    printf("records %lu\n", records);
    fflush(stdout);
    kill(getpid(), SIGKILL);
  }
}

static int from_ring(void *context, void *data, size_t length) {
  take(data, length);
  return 0;
}

static void from_events(void *context, int cpu, void *data, unsigned length) { take(data, length); }

static void lost_events(void *context, int cpu, unsigned long long count) { lost += count; }

int main(int argc, char **argv) {
  int fd = bpf_map_get_fd_by_id(atoi(argv[2]));
  if (fd < 0) return perror("map"), 1;
  killed_after = argc > 3 ? strtoul(argv[3], 0, 10) : 0;
  if (!strcmp(argv[1], "ring")) {
    struct ring_buffer *ring = ring_buffer__new(fd, from_ring, 0, 0);
    if (!ring) return perror("ring"), 1;
    while (ring_buffer__poll(ring, 100) > 0);
    ring_buffer__free(ring);
  } else {
    struct perf_buffer *events = perf_buffer__new(fd, 16, from_events, lost_events, 0, 0);
    if (!events) return perror("events"), 1;
    // ready: the rings are in the map
    puts("ready");
    fflush(stdout);
    getchar();
    while (perf_buffer__poll(events, 100) > 0);
    perf_buffer__free(events);
  }
  printf("records %lu sum %lu lost %lu\n", records, sum, lost);
}
