package dev.whatif.ebpf.bpfhelper.code;

import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R13;
import static dev.whatif.core.x86.Register.R14;
import static dev.whatif.core.x86.Register.R15;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBP;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.core.x86.Register.RSP;
import static dev.whatif.ebpf.bpfhelper.code.Writer.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.core.x86.Arithmetic;
import dev.whatif.core.x86.Condition;
import dev.whatif.core.x86.Label;
import dev.whatif.core.x86.Memory;
import dev.whatif.core.x86.OperandSize;
import dev.whatif.core.x86.Register;
import dev.whatif.core.x86.Unary;
import dev.whatif.ebpf.jit.InvocationLayout;
import dev.whatif.ebpf.map.HashLayout;
import dev.whatif.ebpf.map.MapKind;
import dev.whatif.ebpf.map.MapLayout;

/**
 * bpf_for_each_map_elem: rdi map, rsi function, rdx its context, rcx flags; calls the function with
 * map, key, value and context until it returns not 0, and returns how many elements it has seen.
 *
 * <p>Of a hash table, the element that follows is known before the function is called, as in the
 * kernel (bpf_for_each_hash_elem), so that it may delete the one it sees. Who changes the table
 * meanwhile may make others be missed or seen twice; a node that has wandered into another chain is
 * noticed by its hash and ends this one; no chain is followed for more steps than there are nodes.
 *
 * <pre>
 *   rbx  map          r14  context                 [rsp]       index, which is an array's key
 *   r13  function     r15  index, or bucket        [rsp + 8]   elements seen
 *                     rbp  next node               [rsp + 16]  slot, 0 when values have none
 *                                                  [rsp + 24]  steps left in this chain
 * </pre>
 */
final class ElementCode {

  private static final Register[] SAVED = {RBX, RBP, R13, R14, R15};
  private static final int LOCALS = 32;
  private static final Memory KEY = at(RSP, 0);
  private static final Memory SEEN = at(RSP, 8);
  private static final Memory SLOT = at(RSP, 16);
  private static final Memory STEPS = at(RSP, 24);

  private final Writer w;
  private final Label done = new Label();

  ElementCode(Writer writer) {
    this.w = writer;
  }

  void forEach() {
    Label invalid = new Label();
    Label perCpuArray = new Label();
    Label array = new Label();
    Label perCpuHash = new Label();
    Label hash = new Label();
    Label none = new Label();
    w.test(RCX).jumpIf(Condition.NOT_EQUAL, invalid);
    w.push(SAVED).subtract(RSP, LOCALS).move(RBX, RDI).move(R13, RSI).move(R14, RDX);
    w.clear(R15).store(SEEN, R15).store(SLOT, R15);
    w.load32(RAX, at(RBX, MapLayout.KIND_OFFSET));
    go(MapKind.ARRAY, array);
    go(MapKind.HASH, hash);
    go(MapKind.LRU_HASH, hash);
    go(MapKind.PERCPU_ARRAY, perCpuArray);
    go(MapKind.PERCPU_HASH, perCpuHash);
    w.move(RAX, -Errno.EINVAL.value()).jump(none);
    w.bind(perCpuArray);
    slot();
    w.bind(array);
    array();
    w.bind(perCpuHash);
    slot();
    w.bind(hash);
    hash();
    w.bind(done).load(RAX, SEEN).bind(none).add(RSP, LOCALS).pop(SAVED).ret();
    w.bind(invalid).fail(Errno.EINVAL);
  }

  private void go(MapKind kind, Label to) {
    w.compare32(RAX, kind.number()).jumpIf(Condition.EQUAL, to);
  }

  /** A thread without a slot sees nothing. */
  private void slot() {
    w.load32(RAX, at(R12, InvocationLayout.THREAD_SLOT_OFFSET));
    w.compare32(RAX, at(RBX, MapLayout.SLOTS_OFFSET)).jumpIf(Condition.ABOVE_OR_EQUAL, done);
    w.store(SLOT, RAX);
  }

  /** rdx = address of a value in this thread's slot; changes rax, which is its number. */
  private void value() {
    w.multiply(RAX, at(RBX, MapLayout.VALUE_STRIDE_OFFSET));
    w.load(RDX, SLOT).multiply(RDX, at(RBX, MapLayout.SLOT_STRIDE_OFFSET));
    w.add(RDX, RAX).add(RDX, at(RBX, MapLayout.VALUES_OFFSET)).add(RDX, RBX);
  }

  private void array() {
    Label again = new Label();
    w.bind(again).compare32(R15, at(RBX, MapLayout.MAX_ENTRIES_OFFSET));
    w.jumpIf(Condition.EQUAL, done).store(KEY, R15).move(RAX, R15);
    value();
    w.move(RSI, RSP);
    show();
    w.jumpIf(Condition.NOT_EQUAL, done).increment(R15).jump(again);
  }

  /** Calls the function; its key is rsi, its value rdx. */
  private void show() {
    w.e.unary(Unary.INCREMENT, OperandSize.BITS64, SEEN);
    w.move(RDI, RBX).move(RCX, R14).e.call(R13);
    w.test(RAX);
  }

  private void hash() {
    Label bucket = new Label();
    Label chain = new Label();
    Label next = new Label();
    Label inNode = new Label();
    Label call = new Label();
    w.bind(bucket).arithmetic(Arithmetic.COMPARE, R15, at(RBX, MapLayout.BUCKET_MASK_OFFSET));
    w.jumpIf(Condition.ABOVE, done);
    w.load(RAX, at(RBX, MapLayout.BUCKETS_OFFSET)).add(RAX, RBX);
    w.load32(RBP, Memory.at(RAX, R15, HashLayout.BUCKET_BYTES, 0));
    w.load(RAX, at(RBX, MapLayout.NODE_COUNT_OFFSET)).store(STEPS, RAX);
    w.bind(chain).arithmetic32(Arithmetic.AND, RBP, HashLayout.NUMBER_MASK);
    w.jumpIf(Condition.EQUAL, next);
    w.e.arithmetic(Arithmetic.SUBTRACT, OperandSize.BITS64, STEPS, 1);
    w.jumpIf(Condition.BELOW, next);
    w.move32(RAX, RBP).move(RSI, RAX).multiply(RSI, at(RBX, MapLayout.NODE_STRIDE_OFFSET));
    w.add(RSI, at(RBX, MapLayout.NODES_OFFSET)).add(RSI, RBX);
    w.load32(RBP, at(RSI, HashLayout.NEXT_OFFSET)).load32(RCX, at(RSI, HashLayout.HASH_OFFSET));
    w.arithmetic(Arithmetic.AND, RCX, at(RBX, MapLayout.BUCKET_MASK_OFFSET));
    w.compare(RCX, R15).jumpIf(Condition.NOT_EQUAL, next);
    w.test32(RBP).jumpIf(Condition.SIGN, chain); // gone
    w.compare32(at(RBX, MapLayout.KIND_OFFSET), MapKind.PERCPU_HASH.number());
    w.jumpIf(Condition.NOT_EQUAL, inNode);
    value();
    w.jump(call).bind(inNode).move(RDX, RSI).add(RDX, at(RBX, MapLayout.VALUE_IN_NODE_OFFSET));
    w.bind(call).add(RSI, HashLayout.KEY_OFFSET);
    show();
    w.jumpIf(Condition.EQUAL, chain).jump(done);
    w.bind(next).increment(R15).jump(bucket);
  }
}
