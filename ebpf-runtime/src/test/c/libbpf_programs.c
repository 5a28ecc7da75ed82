// What libbpf makes of an object: opens OBJECT, loads it, and prints its maps, its programs as they were given to the
// kernel, and its BTF.
//
//   map NAME FD TYPE KEY_SIZE VALUE_SIZE MAX_ENTRIES FLAGS NUMA_NODE MAP_EXTRA KEY_TYPE VALUE_TYPE INITIAL_HEX
//   program NAME SECTION TYPE EXPECTED_ATTACH_TYPE FLAGS HEX
//   btf HEX
//   loaded RESULT
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>

static void hex(const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++)
    printf("%02x", ((const unsigned char *)bytes)[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
  if (!object)
    return 1;
  int result = bpf_object__load(object);
  struct bpf_map *map;
  bpf_object__for_each_map(map, object) {
    size_t size = 0;
    const char *full = bpf_map__name(map);
    // Global data carries the object's name in front.
    const char *name = bpf_map__is_internal(map) ? strchr(full, '.') : full;
    const void *value = bpf_map__initial_value(map, &size);
    printf("map %s %d %d %u %u %u %u %u %llu %u %u ", name, bpf_map__fd(map), bpf_map__type(map), bpf_map__key_size(map),
           bpf_map__value_size(map), bpf_map__max_entries(map), bpf_map__map_flags(map), bpf_map__numa_node(map),
           (unsigned long long)bpf_map__map_extra(map), bpf_map__btf_key_type_id(map), bpf_map__btf_value_type_id(map));
    hex(value, value && bpf_map__is_internal(map) ? size : 0);
  }
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    printf("program %s %s %d %d %u ", bpf_program__name(program), bpf_program__section_name(program),
           bpf_program__type(program), bpf_program__expected_attach_type(program), bpf_program__flags(program));
    hex(bpf_program__insns(program), bpf_program__insn_cnt(program) * 8);
  }
  __u32 size;
  const void *btf = btf__raw_data(bpf_object__btf(object), &size);
  printf("btf ");
  hex(btf, btf ? size : 0);
  printf("loaded %d\n", result);
  bpf_object__close(object);
  return 0;
}
