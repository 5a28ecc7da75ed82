// A plain interpreter of BPF in C, as one would write it first: a switch over the opcode of each slot. What whatif's
// interpreter in Java is measured against. It checks nothing: it is for programs that are known to be good.
#include <stdint.h>
#include <string.h>

struct slot {
  uint8_t opcode;
  uint8_t dst : 4, src : 4;
  int16_t offset;
  int32_t imm;
};

#define ALU(CODE, OPERATION)                                                                      \
  case 0x07 | CODE: { uint64_t s = (int64_t)i->imm; r[i->dst] = OPERATION(r[i->dst], s, 63); break; } \
  case 0x0f | CODE: { uint64_t s = r[i->src]; r[i->dst] = OPERATION(r[i->dst], s, 63); break; }       \
  case 0x04 | CODE: { uint32_t s = i->imm; r[i->dst] = (uint32_t)OPERATION((uint32_t)r[i->dst], s, 31); break; } \
  case 0x0c | CODE: { uint32_t s = r[i->src]; r[i->dst] = (uint32_t)OPERATION((uint32_t)r[i->dst], s, 31); break; }
#define ADD(a, b, m) ((a) + (b))
#define SUB(a, b, m) ((a) - (b))
#define MUL(a, b, m) ((a) * (b))
#define DIV(a, b, m) ((b) ? (a) / (b) : 0)
#define MOD(a, b, m) ((b) ? (a) % (b) : (a))
#define OR(a, b, m) ((a) | (b))
#define AND(a, b, m) ((a) & (b))
#define XOR(a, b, m) ((a) ^ (b))
#define LSH(a, b, m) ((a) << ((b) & (m)))
#define RSH(a, b, m) ((a) >> ((b) & (m)))

#define JUMP(CODE, TYPE64, TYPE32, OPERATION)                                                       \
  case 0x05 | CODE: if ((TYPE64)r[i->dst] OPERATION (TYPE64)(int64_t)i->imm) i += i->offset; break; \
  case 0x0d | CODE: if ((TYPE64)r[i->dst] OPERATION (TYPE64)r[i->src]) i += i->offset; break;       \
  case 0x06 | CODE: if ((TYPE32)r[i->dst] OPERATION (TYPE32)i->imm) i += i->offset; break;          \
  case 0x0e | CODE: if ((TYPE32)r[i->dst] OPERATION (TYPE32)r[i->src]) i += i->offset; break;

#define MEMORY(SIZE, TYPE, SIGNED)                                                          \
  case 0x61 | SIZE: r[i->dst] = *(TYPE *)(r[i->src] + i->offset); break;                    \
  case 0x81 | SIZE: r[i->dst] = (int64_t)*(SIGNED *)(r[i->src] + i->offset); break;         \
  case 0x62 | SIZE: *(TYPE *)(r[i->dst] + i->offset) = (TYPE)i->imm; break;                 \
  case 0x63 | SIZE: *(TYPE *)(r[i->dst] + i->offset) = (TYPE)r[i->src]; break;

static uint64_t run(const struct slot *code, uint64_t r1, uint64_t r2) {
  uint64_t r[16] = {0}, stack[8 * 64], saved[8 * 5];
  const struct slot *back[8];
  int depth = 0;
  r[1] = r1;
  r[2] = r2;
  r[10] = (uint64_t)(stack + 8 * 64);
  for (const struct slot *i = code;; i++) {
    switch (i->opcode) {
      ALU(0x00, ADD) ALU(0x10, SUB) ALU(0x20, MUL) ALU(0x30, DIV) ALU(0x40, OR) ALU(0x50, AND)
      ALU(0x60, LSH) ALU(0x70, RSH) ALU(0x90, MOD) ALU(0xa0, XOR)
      case 0x87: r[i->dst] = -r[i->dst]; break;
      case 0x84: r[i->dst] = (uint32_t)-(uint32_t)r[i->dst]; break;
      case 0xb7: r[i->dst] = (int64_t)i->imm; break;
      case 0xbf:
        r[i->dst] = i->offset == 0    ? r[i->src]
                    : i->offset == 8  ? (uint64_t)(int8_t)r[i->src]
                    : i->offset == 16 ? (uint64_t)(int16_t)r[i->src]
                                      : (uint64_t)(int32_t)r[i->src];
        break;
      case 0xb4: r[i->dst] = (uint32_t)i->imm; break;
      case 0xbc:
        r[i->dst] = i->offset == 0   ? (uint32_t)r[i->src]
                    : i->offset == 8 ? (uint32_t)(int8_t)r[i->src]
                                     : (uint32_t)(int16_t)r[i->src];
        break;
      case 0xc7: r[i->dst] = (int64_t)r[i->dst] >> (i->imm & 63); break;
      case 0xcf: r[i->dst] = (int64_t)r[i->dst] >> (r[i->src] & 63); break;
      case 0xc4: r[i->dst] = (uint32_t)((int32_t)r[i->dst] >> (i->imm & 31)); break;
      case 0xcc: r[i->dst] = (uint32_t)((int32_t)r[i->dst] >> (r[i->src] & 31)); break;
      case 0xd4: r[i->dst] = i->imm == 16 ? (uint16_t)r[i->dst] : i->imm == 32 ? (uint32_t)r[i->dst] : r[i->dst]; break;
      case 0xdc:
      case 0xd7:
        r[i->dst] = i->imm == 16   ? __builtin_bswap16(r[i->dst])
                    : i->imm == 32 ? __builtin_bswap32(r[i->dst])
                                   : __builtin_bswap64(r[i->dst]);
        break;
      case 0x18: r[i->dst] = (uint32_t)i->imm | (uint64_t)i[1].imm << 32; i++; break;
      MEMORY(0x00, uint32_t, int32_t)
      MEMORY(0x08, uint16_t, int16_t)
      MEMORY(0x10, uint8_t, int8_t)
      case 0x79: r[i->dst] = *(uint64_t *)(r[i->src] + i->offset); break;
      case 0x7a: *(uint64_t *)(r[i->dst] + i->offset) = (int64_t)i->imm; break;
      case 0x7b: *(uint64_t *)(r[i->dst] + i->offset) = r[i->src]; break;
      case 0x05: i += i->offset; break;
      case 0x06: i += i->imm; break;
      JUMP(0x10, uint64_t, uint32_t, ==) JUMP(0x20, uint64_t, uint32_t, >) JUMP(0x30, uint64_t, uint32_t, >=)
      JUMP(0x40, uint64_t, uint32_t, &) JUMP(0x50, uint64_t, uint32_t, !=) JUMP(0x60, int64_t, int32_t, >)
      JUMP(0x70, int64_t, int32_t, >=) JUMP(0xa0, uint64_t, uint32_t, <) JUMP(0xb0, uint64_t, uint32_t, <=)
      JUMP(0xc0, int64_t, int32_t, <) JUMP(0xd0, int64_t, int32_t, <=)
      case 0x85:
        memcpy(saved + 5 * depth, r + 6, 5 * sizeof *r);
        back[depth++] = i;
        r[10] = (uint64_t)(stack + (8 - depth) * 64);
        i += i->imm;
        break;
      case 0x95:
        if (depth == 0) return r[0];
        i = back[--depth];
        memcpy(r + 6, saved + 5 * depth, 5 * sizeof *r);
        break;
      default: return -1;
    }
  }
}

// Runs a program so many times; returns what it returned last.
uint64_t whatif_switch_interpreter(const struct slot *code, uint64_t r1, uint64_t r2, uint64_t times) {
  uint64_t r0 = 0;
  while (times--) r0 = run(code, r1, r2);
  return r0;
}
