// Loads OBJECT by libbpf, runs each program once by BPF_PROG_TEST_RUN and says what its maps hold then:
//
//   run NAME RETURNED OUT      OUT is what is left of 64 bytes of data or 16 of context, byte i being i
//   map NAME KEY VALUE         each element, in the kernel's order; values of CPUs added as 64-bit numbers
//   map NAME - VALUE           each element of a queue and each record of a ring
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex(const void *bytes, size_t n) {
  for (size_t i = 0; i < n; i++)
    printf("%02x", ((const unsigned char *)bytes)[i]);
}

static int record(void *name, void *data, size_t n) {
  printf("map %s - ", (const char *)name);
  hex(data, n);
  printf("\n");
  return 0;
}

static void dump(struct bpf_map *map) {
  static unsigned char key[4096], next[4096], value[1 << 20];
  const char *name = bpf_map__name(map);
  int fd = bpf_map__fd(map), cpus = libbpf_num_possible_cpus();
  switch (bpf_map__type(map)) {
  case BPF_MAP_TYPE_ARRAY_OF_MAPS:
  case BPF_MAP_TYPE_PROG_ARRAY:
    return;
  case BPF_MAP_TYPE_QUEUE:
    while (!bpf_map_lookup_and_delete_elem(fd, NULL, value))
      record((void *)name, value, bpf_map__value_size(map));
    return;
  case BPF_MAP_TYPE_RINGBUF: {
    struct ring_buffer *ring = ring_buffer__new(fd, record, (void *)name, NULL);
    ring_buffer__consume(ring);
    ring_buffer__free(ring);
    return;
  }
  default:
    break;
  }
  int percpu = bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY || bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_HASH;
  for (void *at = NULL; !bpf_map_get_next_key(fd, at, next); at = key) {
    memcpy(key, next, bpf_map__key_size(map));
    if (bpf_map_lookup_elem(fd, key, value))
      continue;
    unsigned long long sum = 0;
    for (int i = 0; percpu && i < cpus; i++)
      sum += ((unsigned long long *)value)[i];
    printf("map %s ", name);
    hex(key, bpf_map__key_size(map));
    printf(" ");
    hex(percpu ? (void *)&sum : value, bpf_map__value_size(map));
    printf("\n");
  }
}

int main(int argc, char **argv) {
  libbpf_set_print(NULL);
  struct bpf_object *object = argc == 2 ? bpf_object__open_file(argv[1], NULL) : NULL;
  if (!object || bpf_object__load(object))
    return 1;
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    unsigned char data[64], out[64] = {0}, context[16];
    for (int i = 0; i < 64; i++)
      data[i] = i;
    memcpy(context, data, sizeof context);
    int packet = bpf_program__type(program) != BPF_PROG_TYPE_SYSCALL;
    LIBBPF_OPTS(bpf_test_run_opts, options);
    if (packet) {
      options.data_in = data;
      options.data_size_in = sizeof data;
      options.data_out = out;
      options.data_size_out = sizeof out;
    } else {
      options.ctx_in = context;
      options.ctx_size_in = sizeof context;
    }
    if (bpf_prog_test_run_opts(bpf_program__fd(program), &options))
      return 1;
    printf("run %s %u ", bpf_program__name(program), options.retval);
    hex(packet ? out : context, packet ? options.data_size_out : sizeof context);
    printf("\n");
  }
  struct bpf_map *map;
  bpf_object__for_each_map(map, object) dump(map);
  bpf_object__close(object);
  return 0;
}
