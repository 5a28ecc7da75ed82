package dev.whatif.ebpf.map.code;

import static dev.whatif.core.x86.Condition.ABOVE_OR_EQUAL;
import static dev.whatif.core.x86.Condition.BELOW;
import static dev.whatif.core.x86.Condition.EQUAL;
import static dev.whatif.core.x86.Condition.NOT_EQUAL;
import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R11;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.map.HashLayout;
import dev.whatif.ebpf.map.KeyHash;
import dev.whatif.ebpf.map.MapLayout;
import dev.whatif.ebpf.map.code.Assembly.Alu;

/** Pieces that several routines have in common. */
final class Blocks {

  /** Where the thread's slot lies in the invocation block that r12 points to. */
  static final int SLOT_OFFSET = 8;

  private Blocks() {}

  /** Copies rcx bytes, from the end: 8 at a time, then the first 7 or fewer. Changes rcx. */
  static void copy(Assembly a, Register from, Register to, Register scratch) {
    Place words = new Place();
    Place rest = new Place();
    a.bind(words).alu32(Alu.SUB, RCX, 8).jumpIf(BELOW, rest);
    a.load(scratch, at(from, RCX, 0)).store(at(to, RCX, 0), scratch).jump(words);
    a.bind(rest).alu32(Alu.ADD, RCX, 8);
    Place two = new Place();
    a.test32(RCX, 4).jumpIf(EQUAL, two);
    a.alu32(Alu.SUB, RCX, 4).load32(scratch, at(from, RCX, 0)).store32(at(to, RCX, 0), scratch);
    Place one = new Place();
    a.bind(two).test32(RCX, 2).jumpIf(EQUAL, one);
    a.alu32(Alu.SUB, RCX, 2).load16(scratch, at(from, RCX, 0)).store16(at(to, RCX, 0), scratch);
    Place done = new Place();
    a.bind(one).test32(RCX, 1).jumpIf(EQUAL, done);
    a.load8(scratch, at(from, 0)).store8(at(to, 0), scratch);
    a.bind(done);
  }

  /** Goes on when the key at rsi is that of the node at rax; changes rcx and rdx. */
  static void compareKey(Assembly a, Place different) {
    int key = HashLayout.KEY_OFFSET;
    Place words = new Place();
    Place rest = new Place();
    a.load32(RCX, at(RDI, MapLayout.KEY_SIZE_OFFSET));
    a.bind(words).alu32(Alu.SUB, RCX, 8).jumpIf(BELOW, rest);
    a.load(RDX, at(RSI, RCX, 0)).alu(Alu.CMP, RDX, at(RAX, RCX, key));
    a.jumpIf(EQUAL, words).jump(different);
    a.bind(rest).alu32(Alu.ADD, RCX, 8);
    Place two = new Place();
    a.test32(RCX, 4).jumpIf(EQUAL, two).alu32(Alu.SUB, RCX, 4);
    a.load32(RDX, at(RSI, RCX, 0)).alu32(Alu.CMP, RDX, at(RAX, RCX, key));
    a.jumpIf(NOT_EQUAL, different);
    Place one = new Place();
    a.bind(two).test32(RCX, 2).jumpIf(EQUAL, one).alu32(Alu.SUB, RCX, 2);
    a.load16(RDX, at(RSI, RCX, 0)).compare16(RDX, at(RAX, RCX, key));
    a.jumpIf(NOT_EQUAL, different);
    Place same = new Place();
    a.bind(one).test32(RCX, 1).jumpIf(EQUAL, same);
    a.load8(RDX, at(RSI, 0)).compare8(RDX, at(RAX, key)).jumpIf(NOT_EQUAL, different);
    a.bind(same);
  }

  /** r8d = hash of the key at rsi ({@link KeyHash}); changes rax, rcx, rdx, r9, r10, r11. */
  static void hash(Assembly a) {
    Place words = new Place();
    Place rest = new Place();
    a.load32(RCX, at(RDI, MapLayout.KEY_SIZE_OFFSET)).move(R8, RCX).move(R9, RSI);
    a.move(R10, KeyHash.FACTOR).move(R11, KeyHash.SEED);
    a.bind(words).alu32(Alu.CMP, RCX, 8).jumpIf(BELOW, rest);
    a.load(RAX, at(R9, 0));
    mix(a);
    a.alu(Alu.ADD, R9, 8).alu32(Alu.SUB, RCX, 8).jump(words);
    Place done = new Place();
    a.bind(rest).test32(RCX, RCX).jumpIf(EQUAL, done).clear(RAX);
    Place two = new Place();
    a.test32(RCX, 1).jumpIf(EQUAL, two).load8(RAX, at(R9, RCX, -1));
    Place four = new Place();
    a.bind(two).test32(RCX, 2).jumpIf(EQUAL, four);
    a.move32(RDX, RCX).alu32(Alu.AND, RDX, 4).load16(RDX, at(R9, RDX, 0));
    a.shiftLeft(RAX, 16).alu(Alu.OR, RAX, RDX);
    Place tail = new Place();
    a.bind(four).test32(RCX, 4).jumpIf(EQUAL, tail);
    a.load32(RDX, at(R9, 0)).shiftLeft(RAX, 32).alu(Alu.OR, RAX, RDX);
    a.bind(tail);
    mix(a);
    a.bind(done);
  }

  /** r8 = r8 mixed with the word rax. */
  private static void mix(Assembly a) {
    a.alu(Alu.XOR, RAX, R8).alu(Alu.XOR, RAX, R11).multiply(R10);
    a.alu(Alu.XOR, RAX, RDX).move(R8, RAX);
  }

  /** A register = address of the bucket of the hash r8d. */
  static void bucket(Assembly a, Register to) {
    a.move32(to, R8).alu(Alu.AND, to, at(RDI, MapLayout.BUCKET_MASK_OFFSET)).shiftLeft(to, 3);
    a.alu(Alu.ADD, to, at(RDI, MapLayout.BUCKETS_OFFSET)).alu(Alu.ADD, to, RDI);
  }

  /** A register = address of the node whose number is in another. */
  static void node(Assembly a, Register to, Register number) {
    if (to != number) {
      a.move32(to, number);
    }
    a.multiply(to, at(RDI, MapLayout.NODE_STRIDE_OFFSET));
    a.alu(Alu.ADD, to, at(RDI, MapLayout.NODES_OFFSET)).alu(Alu.ADD, to, RDI);
  }

  /** A link's next tag, with nothing behind it. */
  static void nextTag(Assembly a, Register link) {
    a.shiftRight(link, 32).alu32(Alu.ADD, link, 1).shiftLeft(link, 32);
  }

  /** rax = -errno. */
  static void fail(Assembly a, Errno errno) {
    a.move(RAX, (long) -errno.value());
  }

  /** rax = slot of this thread; elsewhere when the map has none for it. */
  static void slot(Assembly a, Place none) {
    a.load32(RAX, at(Register.R12, SLOT_OFFSET));
    a.alu32(Alu.CMP, RAX, at(RDI, MapLayout.SLOTS_OFFSET)).jumpIf(ABOVE_OR_EQUAL, none);
  }
}
