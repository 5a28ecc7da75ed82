// What libbpf makes of an object: opens OBJECT, loads it, and prints its maps, its programs as they were given to the
// kernel, and its BTF. The records of functions and lines are seen on their way into bpf(2).
//
//   load NAME FUNC_INFO_HEX LINE_INFO_HEX
//   map NAME FD TYPE KEY_SIZE VALUE_SIZE MAX_ENTRIES FLAGS NUMA_NODE MAP_EXTRA KEY_TYPE VALUE_TYPE INITIAL_HEX
//   program NAME SECTION TYPE EXPECTED_ATTACH_TYPE FLAGS HEX
//   btf HEX
//   loaded RESULT
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

static void hex(const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++)
    printf("%02x", ((const unsigned char *)bytes)[i]);
  printf("\n");
}

// libbpf's calls of syscall(2) come here.
long syscall(long number, ...) {
  va_list args;
  va_start(args, number);
  long a = va_arg(args, long), b = va_arg(args, long), c = va_arg(args, long), d = va_arg(args, long),
       e = va_arg(args, long), f = va_arg(args, long);
  va_end(args);
  if (number == __NR_bpf && a == BPF_PROG_LOAD) {
    const union bpf_attr *attr = (const union bpf_attr *)b;
    size_t known = offsetof(union bpf_attr, line_info_cnt) + sizeof attr->line_info_cnt;
    // libbpf also asks what the kernel can do, with shorter structures.
    if ((size_t)c >= known && attr->prog_btf_fd) {
      printf("load %s ", attr->prog_name);
      for (size_t i = 0; i < (size_t)attr->func_info_cnt * attr->func_info_rec_size; i++)
        printf("%02x", ((const unsigned char *)attr->func_info)[i]);
      printf(" ");
      hex((const void *)attr->line_info, (size_t)attr->line_info_cnt * attr->line_info_rec_size);
    }
  }
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  if (result < 0 && result > -4096) {
    errno = (int)-result;
    return -1;
  }
  return result;
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
