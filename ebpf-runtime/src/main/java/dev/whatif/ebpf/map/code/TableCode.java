package dev.whatif.ebpf.map.code;

import static dev.whatif.core.x86.Condition.ABOVE;
import static dev.whatif.core.x86.Condition.ABOVE_OR_EQUAL;
import static dev.whatif.core.x86.Condition.EQUAL;
import static dev.whatif.core.x86.Condition.NOT_EQUAL;
import static dev.whatif.core.x86.Condition.SIGN;
import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R11;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBP;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.core.x86.Register.RSP;
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.core.linux.Bpf;
import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Register;
import dev.whatif.ebpf.map.HashLayout;
import dev.whatif.ebpf.map.MapLayout;
import dev.whatif.ebpf.map.code.Assembly.Alu;

/**
 * The hash tables: the steps of {@code Chain} and {@code HashTableMap}, which say why they are
 * right.
 *
 * <pre>
 *   in update and delete          as long as they last
 *   rdi  map                      rbx  value             r13  bucket
 *   rsi  key, 0 for no key        rbp  node to find      r14  hold of this thread
 *   r8d  hash                          instead of a key  r15d flag of the new node
 *
 *   found by "find"               [rsp]       flags of the update
 *   r9   word of the bucket       [rsp + 8]   node found
 *   r10  where the link lies      [rsp + 16]  its link
 *   r11  that link                [rsp + 24]  number of the new node
 *   rax  node, rcx its number
 *   rdx  its own link
 * </pre>
 */
final class TableCode {

  /** Where values are, and what else a lookup does. */
  enum Values {
    IN_NODE,
    /** In the node, and a lookup notes that it was used. */
    REFERENCED,
    PER_SLOT
  }

  private static final Register[] SAVED = {RBX, RBP, R13, R14, R15};
  private static final int LOCALS = 32;
  private static final At FLAGS = at(RSP, 0);
  private static final At FOUND = at(RSP, 8);
  private static final At FOUND_LINK = at(RSP, 16);
  private static final At NEW = at(RSP, 24);

  private final Assembly a;
  private final NodeCode nodes;

  TableCode(Assembly assembly) {
    this.a = assembly;
    this.nodes = new NodeCode(assembly);
  }

  /** What the routines call. */
  void subroutines() {
    nodes.emit();
  }

  /** rdi map, rsi key: rax = value. */
  void lookup(Values values) {
    Place none = new Place();
    if (values == Values.PER_SLOT) {
      Blocks.slot(a, none);
      a.push(RBX).move(RBX, RAX);
      lookupOf(values);
    } else {
      lookupOf(values);
    }
    a.bind(none).clear(RAX).ret();
  }

  /** The same in slot rdx, which may be any number. */
  void lookupSlot() {
    Place none = new Place();
    a.move32(RDX, RDX).alu32(Alu.CMP, RDX, at(RDI, MapLayout.SLOTS_OFFSET));
    a.jumpIf(ABOVE_OR_EQUAL, none).push(RBX).move(RBX, RDX);
    lookupOf(Values.PER_SLOT);
    a.bind(none).clear(RAX).ret();
  }

  /** rbx, which was pushed, is the slot where each has its own value. Returns. */
  private void lookupOf(Values values) {
    Place restart = new Place();
    Place chain = new Place();
    Place different = new Place();
    Place gone = new Place();
    Place missing = new Place();
    boolean numbered = values != Values.IN_NODE;
    if (values == Values.REFERENCED) {
      a.push(RBX);
    }
    if (numbered) {
      a.push(RBP);
    }
    Blocks.hash(a);
    Blocks.bucket(a, R9);
    a.bind(restart).move(R10, R9).load(R11, at(R10, 0)).move32(RCX, R11);
    a.bind(chain).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).jumpIf(EQUAL, missing);
    if (numbered) {
      a.move32(RBP, RCX);
    }
    Blocks.node(a, RAX, RCX);
    a.alu32(Alu.CMP, R8, at(RAX, HashLayout.HASH_OFFSET)).jumpIf(NOT_EQUAL, different);
    Blocks.compareKey(a, different);
    a.load(RDX, at(RAX, HashLayout.NEXT_OFFSET));
    a.alu(Alu.CMP, R11, at(R10, 0)).jumpIf(NOT_EQUAL, restart);
    a.test32(RDX, RDX).jumpIf(SIGN, gone);
    result(values);
    a.bind(different).load(RDX, at(RAX, HashLayout.NEXT_OFFSET));
    a.alu(Alu.CMP, R11, at(R10, 0)).jumpIf(NOT_EQUAL, restart);
    a.test32(RDX, RDX).jumpIf(SIGN, gone);
    a.address(R10, at(RAX, HashLayout.NEXT_OFFSET)).move(R11, RDX);
    a.bind(gone).move32(RCX, RDX).jump(chain);
    a.bind(missing).clear(RAX);
    leave(values);
  }

  private void result(Values values) {
    switch (values) {
      case IN_NODE -> a.alu(Alu.ADD, RAX, at(RDI, MapLayout.VALUE_IN_NODE_OFFSET));
      case REFERENCED -> {
        Place noted = new Place();
        a.alu(Alu.ADD, RAX, at(RDI, MapLayout.VALUE_IN_NODE_OFFSET));
        a.load(RDX, at(RDI, MapLayout.REFERENCES_OFFSET)).alu(Alu.ADD, RDX, RDI);
        a.compare8(at(RDX, RBP, 0), 0).jumpIf(NOT_EQUAL, noted);
        a.store8(at(RDX, RBP, 0), 1).bind(noted);
      }
      case PER_SLOT -> slotValue(RAX, RBP, RBX);
    }
    leave(values);
  }

  private void leave(Values values) {
    if (values != Values.IN_NODE) {
      a.pop(RBX, RBP);
    }
    a.ret();
  }

  /** A register = address of the value of a node in a slot; changes both of these. */
  private void slotValue(Register to, Register number, Register slot) {
    a.multiply(number, at(RDI, MapLayout.VALUE_STRIDE_OFFSET));
    a.multiply(slot, at(RDI, MapLayout.SLOT_STRIDE_OFFSET));
    a.load(to, at(RDI, MapLayout.VALUES_OFFSET)).alu(Alu.ADD, to, RDI);
    a.alu(Alu.ADD, to, number).alu(Alu.ADD, to, slot);
  }

  /** Keeps what must be kept and sets r8, r13, r14; elsewhere when there is no slot. */
  private void enter(Place noSlot) {
    Blocks.slot(a, noSlot);
    a.push(SAVED).alu(Alu.SUB, RSP, LOCALS);
    a.shiftLeft(RAX, 6).alu(Alu.ADD, RAX, at(RDI, MapLayout.HOLDS_OFFSET));
    a.address(R14, at(RDI, RAX, 0));
    a.move(RBX, RDX).store(FLAGS, RCX);
    Blocks.hash(a);
    Blocks.bucket(a, R13);
    a.clear(RBP);
  }

  private void exit() {
    a.clear(at(R14, 0)).alu(Alu.ADD, RSP, LOCALS).pop(SAVED).ret();
  }

  private void exit(Place from, Errno errno) {
    a.bind(from);
    Blocks.fail(a, errno);
    exit();
  }

  /** rdi map, rsi key, rdx value, rcx flags. */
  void update(Values values) {
    Place invalid = new Place();
    Place noSlot = new Place();
    Place again = new Place();
    Place absent = new Place();
    Place done = new Place();
    Place exists = new Place();
    Place noEntry = new Place();
    Place full = new Place();
    Place noMemory = new Place();
    a.alu(Alu.CMP, RCX, Bpf.BPF_EXIST).jumpIf(ABOVE, invalid);
    enter(noSlot);
    a.bind(again).call(nodes.find).test32(RCX, RCX).jumpIf(EQUAL, absent);
    a.compare32(FLAGS, Bpf.BPF_NOEXIST).jumpIf(EQUAL, exists);
    if (values == Values.PER_SLOT) {
      a.load32(RDX, at(Register.R12, Blocks.SLOT_OFFSET));
      slotValue(RAX, RCX, RDX);
      copyValue();
      a.jump(done);
    } else {
      replace(values, again, done, noMemory);
    }
    a.bind(absent).compare32(FLAGS, Bpf.BPF_EXIST).jumpIf(EQUAL, noEntry);
    insert(values, again, full);
    a.bind(done).clear(RAX);
    exit();
    exit(exists, Errno.EEXIST);
    exit(noEntry, Errno.ENOENT);
    exit(full, values == Values.REFERENCED ? Errno.ENOMEM : Errno.E2BIG);
    if (values != Values.PER_SLOT) {
      exit(noMemory, Errno.ENOMEM);
    }
    a.bind(invalid);
    Blocks.fail(a, Errno.EINVAL);
    a.ret().bind(noSlot);
    Blocks.fail(a, Errno.E2BIG);
    a.ret();
  }

  private void replace(Values values, Place again, Place done, Place noMemory) {
    Place taken = new Place();
    Place replaced = new Place();
    a.store(FOUND, RAX).store(FOUND_LINK, RDX);
    a.move32(R15, HashLayout.SPARE).address(RDX, at(RDI, MapLayout.SPARE_LIST_OFFSET));
    a.call(nodes.pop).test32(RCX, RCX).jumpIf(NOT_EQUAL, taken);
    a.clear(R15).address(RDX, at(RDI, MapLayout.MAIN_LIST_OFFSET));
    a.call(nodes.pop).test32(RCX, RCX).jumpIf(EQUAL, noMemory);
    a.bind(taken).store(NEW, RCX);
    fill(values);
    prepare(FOUND_LINK);
    a.load(RAX, FOUND_LINK).move(RDX, RAX);
    Blocks.nextTag(a, RDX);
    a.move32(RCX, HashLayout.GONE).alu32(Alu.OR, RCX, R15).alu32(Alu.OR, RCX, NEW);
    a.alu(Alu.OR, RDX, RCX).load(RCX, FOUND);
    a.compareAndSwap(at(RCX, HashLayout.NEXT_OFFSET), RDX).jumpIf(EQUAL, replaced);
    a.call(nodes.give).jump(again);
    a.bind(replaced).move32(RCX, R11).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK);
    a.alu32(Alu.OR, RCX, R15).store(at(R14, 0), RCX).load32(RCX, NEW);
    finish(done);
  }

  /** Leads the link past the held node, to node ecx, and gives it back; or lets "find" do that. */
  private void finish(Place done) {
    Place other = new Place();
    takeOut(other);
    a.call(nodes.give).jump(done);
    a.bind(other).clear(RSI).call(nodes.find).jump(done);
  }

  /** Leads the link to node ecx. */
  private void takeOut(Place other) {
    a.move(RAX, R11).move(RDX, R11);
    Blocks.nextTag(a, RDX);
    a.alu(Alu.OR, RDX, RCX).compareAndSwap(at(R10, 0), RDX).jumpIf(NOT_EQUAL, other);
  }

  private void insert(Values values, Place again, Place full) {
    a.clear(R15).address(RDX, at(RDI, MapLayout.MAIN_LIST_OFFSET)).call(nodes.pop);
    if (values == Values.REFERENCED) {
      Place taken = new Place();
      a.test32(RCX, RCX).jumpIf(NOT_EQUAL, taken).call(nodes.evict).bind(taken);
    }
    a.test32(RCX, RCX).jumpIf(EQUAL, full).store(NEW, RCX);
    fill(values);
    a.store(FOUND_LINK, R9);
    prepare(FOUND_LINK);
    Place inserted = new Place();
    a.move(RAX, R9).move(RDX, R9);
    Blocks.nextTag(a, RDX);
    a.alu(Alu.OR, RDX, NEW).compareAndSwap(at(R13, 0), RDX).jumpIf(EQUAL, inserted);
    a.call(nodes.give).jump(again).bind(inserted);
  }

  /** Lets the private node at rax lead where a link leads, and be no gone one. */
  private void prepare(At like) {
    a.load(RDX, at(RAX, HashLayout.NEXT_OFFSET));
    Blocks.nextTag(a, RDX);
    a.load32(RCX, like).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).alu(Alu.OR, RDX, RCX);
    a.store(at(RAX, HashLayout.NEXT_OFFSET), RDX);
  }

  /** Writes hash, key and value into the node ecx; rax = its address. */
  private void fill(Values values) {
    if (values == Values.REFERENCED) {
      a.load(RDX, at(RDI, MapLayout.REFERENCES_OFFSET)).alu(Alu.ADD, RDX, RDI);
      a.store8(at(RDX, RCX, 0), 0);
    }
    if (values == Values.PER_SLOT) {
      fillSlots();
      a.load32(RCX, NEW);
    }
    Blocks.node(a, RAX, RCX);
    a.store32(at(RAX, HashLayout.HASH_OFFSET), R8);
    a.push(R8, RAX).address(R8, at(RAX, HashLayout.KEY_OFFSET));
    a.load32(RCX, at(RDI, MapLayout.KEY_SIZE_OFFSET));
    Blocks.copy(a, RSI, R8, RDX);
    a.pop(R8, RAX);
    if (values != Values.PER_SLOT) {
      a.push(RAX).alu(Alu.ADD, RAX, at(RDI, MapLayout.VALUE_IN_NODE_OFFSET));
      copyValue();
      a.pop(RAX);
    }
  }

  /** Copies the value to rax; changes rcx and rdx. */
  private void copyValue() {
    a.load32(RCX, at(RDI, MapLayout.VALUE_SIZE_OFFSET));
    Blocks.copy(a, RBX, RAX, RDX);
  }

  /** Zeros in all slots of node ecx, and the value in this thread's. */
  private void fillSlots() {
    Place slots = new Place();
    Place words = new Place();
    a.push(R8, R9).move32(R8, RCX).clear(RDX);
    slotValue(RAX, R8, RDX);
    a.push(RAX).load32(R9, at(RDI, MapLayout.SLOTS_OFFSET)).clear(R8);
    a.bind(slots).load(RCX, at(RDI, MapLayout.VALUE_STRIDE_OFFSET));
    a.bind(words).alu(Alu.SUB, RCX, 8).store(at(RAX, RCX, 0), R8).jumpIf(NOT_EQUAL, words);
    a.alu(Alu.ADD, RAX, at(RDI, MapLayout.SLOT_STRIDE_OFFSET));
    a.alu32(Alu.SUB, R9, 1).jumpIf(NOT_EQUAL, slots).pop(RAX);
    a.load32(RDX, at(Register.R12, Blocks.SLOT_OFFSET));
    a.multiply(RDX, at(RDI, MapLayout.SLOT_STRIDE_OFFSET)).alu(Alu.ADD, RAX, RDX);
    copyValue();
    a.pop(R8, R9);
  }

  /** rdi map, rsi key. */
  void delete() {
    Place noSlot = new Place();
    Place again = new Place();
    Place done = new Place();
    Place noEntry = new Place();
    enter(noSlot);
    a.bind(again).call(nodes.find).test32(RCX, RCX).jumpIf(EQUAL, noEntry);
    a.store(FOUND_LINK, RDX);
    nodes.makeGone(again);
    a.move32(RCX, R11).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).store(at(R14, 0), RCX);
    a.load32(RCX, FOUND_LINK).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK);
    finish(done);
    a.bind(done).clear(RAX);
    exit();
    exit(noEntry, Errno.ENOENT);
    a.bind(noSlot);
    Blocks.fail(a, Errno.E2BIG);
    a.ret();
  }
}
