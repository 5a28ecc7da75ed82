package dev.whatif.ebpf.map.code;

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
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.ebpf.map.HashLayout;
import dev.whatif.ebpf.map.MapLayout;
import dev.whatif.ebpf.map.code.Assembly.Alu;

/** Subroutines of {@link TableCode}, with its registers: nodes are found, taken and given back. */
final class NodeCode {

  private static final int ROUNDS = 4;

  /** r9, r10, r11, rax, rdx as {@link TableCode} says, rcx = number or 0. */
  final Place find = new Place();

  /** rdx list, r15d flag: rcx = number, held, or 0. Changes rax. */
  final Place pop = new Place();

  /** Puts the node that is held where its flag says. Changes rax, rcx, rdx. */
  final Place give = new Place();

  /** rcx = a node that was an element, held, or 0. Changes rax, rdx, r10, r11. */
  final Place evict = new Place();

  private final Assembly a;

  NodeCode(Assembly assembly) {
    this.a = assembly;
  }

  void emit() {
    a.align(16).bind(find);
    find();
    a.align(16).bind(pop);
    pop();
    a.align(16).bind(give);
    give();
    a.align(16).bind(evict);
    evict();
  }

  private void find() {
    Place restart = new Place();
    Place chain = new Place();
    Place different = new Place();
    Place matched = new Place();
    Place gone = new Place();
    Place out = new Place();
    a.bind(restart).move(R10, R13).load(R11, at(R10, 0)).move(R9, R11);
    a.bind(chain).move32(RCX, R11);
    a.alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).jumpIf(EQUAL, out);
    Blocks.node(a, RAX, RCX);
    a.alu32(Alu.CMP, RCX, RBP).jumpIf(EQUAL, matched);
    a.test(RSI, RSI).jumpIf(EQUAL, different);
    a.alu32(Alu.CMP, R8, at(RAX, HashLayout.HASH_OFFSET)).jumpIf(NOT_EQUAL, different);
    Blocks.compareKey(a, different);
    a.bind(matched).load(RDX, at(RAX, HashLayout.NEXT_OFFSET));
    a.alu(Alu.CMP, R11, at(R10, 0)).jumpIf(NOT_EQUAL, restart);
    a.test32(RDX, RDX).jumpIf(SIGN, gone);
    a.move32(RCX, R11).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK);
    a.bind(out).ret();
    a.bind(different).load(RDX, at(RAX, HashLayout.NEXT_OFFSET));
    a.alu(Alu.CMP, R11, at(R10, 0)).jumpIf(NOT_EQUAL, restart);
    a.test32(RDX, RDX).jumpIf(SIGN, gone);
    a.address(R10, at(RAX, HashLayout.NEXT_OFFSET)).move(R11, RDX).jump(chain);
    Place inNode = new Place();
    a.bind(gone).move32(RCX, R11).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK);
    a.move32(RAX, RDX).alu32(Alu.AND, RAX, HashLayout.SPARE).alu32(Alu.OR, RAX, RCX);
    a.store(at(R14, 0), RAX).move(RCX, R11);
    Blocks.nextTag(a, RCX);
    a.alu32(Alu.AND, RDX, HashLayout.NUMBER_MASK).alu(Alu.OR, RCX, RDX).move(RAX, R11);
    a.compareAndSwap(at(R10, 0), RCX).jumpIf(NOT_EQUAL, restart).move(R11, RCX);
    a.alu(Alu.CMP, R10, R13).jumpIf(NOT_EQUAL, inNode).move(R9, RCX);
    a.bind(inNode).call(give).jump(chain);
  }

  private void pop() {
    Place again = new Place();
    Place none = new Place();
    a.push(R8).bind(again).load(RAX, at(RDX, 0)).move32(RCX, RAX);
    a.test32(RCX, RCX).jumpIf(EQUAL, none);
    a.move32(R8, RCX).alu32(Alu.OR, R8, R15).store(at(R14, 0), R8);
    Blocks.node(a, R8, RCX);
    a.load32(R8, at(R8, HashLayout.FREE_OFFSET)).address32(R8, at(R8, RCX, 1));
    a.push(RCX).move(RCX, RAX);
    Blocks.nextTag(a, RCX);
    a.alu(Alu.OR, R8, RCX).pop(RCX);
    a.compareAndSwap(at(RDX, 0), R8).jumpIf(NOT_EQUAL, again);
    a.bind(none).pop(R8).ret();
  }

  private void give() {
    Place main = new Place();
    Place again = new Place();
    a.load32(RCX, at(R14, 0)).address(RDX, at(RDI, MapLayout.MAIN_LIST_OFFSET));
    a.test32(RCX, HashLayout.SPARE).jumpIf(EQUAL, main);
    a.address(RDX, at(RDI, MapLayout.SPARE_LIST_OFFSET));
    a.bind(main).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).push(RSI, R8);
    Blocks.node(a, RSI, RCX);
    a.load(RAX, at(RSI, HashLayout.NEXT_OFFSET));
    Blocks.nextTag(a, RAX);
    a.move32(R8, HashLayout.GONE).alu(Alu.OR, RAX, R8);
    a.store(at(RSI, HashLayout.NEXT_OFFSET), RAX);
    a.bind(again).load(RAX, at(RDX, 0)).move32(R8, RAX).alu32(Alu.SUB, R8, RCX);
    a.alu32(Alu.SUB, R8, 1).store32(at(RSI, HashLayout.FREE_OFFSET), R8).move(R8, RAX);
    Blocks.nextTag(a, R8);
    a.alu(Alu.OR, R8, RCX).compareAndSwap(at(RDX, 0), R8).jumpIf(NOT_EQUAL, again);
    a.pop(RSI, R8).ret();
  }

  /** Makes the node at rax, whose link is rdx, no element. Changes rax, rcx, rdx, r15. */
  void makeGone(Place changed) {
    a.move(RCX, RAX).move(RAX, RDX);
    Blocks.nextTag(a, RDX);
    a.move32(R15, RAX).alu32(Alu.AND, R15, HashLayout.NUMBER_MASK);
    a.alu32(Alu.OR, R15, HashLayout.GONE).alu(Alu.OR, RDX, R15);
    a.compareAndSwap(at(RCX, HashLayout.NEXT_OFFSET), RDX).jumpIf(NOT_EQUAL, changed);
  }

  private void evict() {
    Place loop = new Place();
    Place tried = new Place();
    Place attempt = new Place();
    Place out = new Place();
    Place other = new Place();
    a.push(RBX, RSI, RBP, R8, R9, R13);
    a.load(RBX, at(RDI, MapLayout.NODE_COUNT_OFFSET));
    a.shiftLeft(RBX, Integer.numberOfTrailingZeros(ROUNDS)).clear(RSI);
    a.bind(loop).move32(RAX, 1).exchangeAndAdd(at(RDI, MapLayout.HAND_OFFSET), RAX);
    a.clear(RDX).divide(at(RDI, MapLayout.NODE_COUNT_OFFSET)).address32(RBP, at(RDX, 1));
    a.load(RAX, at(RDI, MapLayout.REFERENCES_OFFSET)).alu(Alu.ADD, RAX, RDI);
    a.compare8(at(RAX, RBP, 0), 0).jumpIf(EQUAL, attempt);
    a.store8(at(RAX, RBP, 0), 0).jump(tried);
    a.bind(attempt);
    Blocks.node(a, RAX, RBP);
    a.load(RDX, at(RAX, HashLayout.NEXT_OFFSET)).test(RDX, RDX).jumpIf(EQUAL, tried);
    a.test32(RDX, RDX).jumpIf(SIGN, tried).load32(R8, at(RAX, HashLayout.HASH_OFFSET));
    Blocks.bucket(a, R13);
    a.call(find).test32(RCX, RCX).jumpIf(EQUAL, tried).push(RDX);
    Place changed = new Place();
    makeGone(changed);
    a.pop(RCX).alu32(Alu.AND, RCX, HashLayout.NUMBER_MASK).store(at(R14, 0), RBP);
    a.move(RAX, R11).move(RDX, R11);
    Blocks.nextTag(a, RDX);
    a.alu(Alu.OR, RDX, RCX).compareAndSwap(at(R10, 0), RDX).jumpIf(NOT_EQUAL, other);
    a.move32(RCX, RBP).jump(out);
    a.bind(changed).pop(RDX).jump(tried);
    a.bind(other).clear(RBP).call(find);
    a.bind(tried).clear(R15).address(RDX, at(RDI, MapLayout.MAIN_LIST_OFFSET));
    a.call(pop).test32(RCX, RCX).jumpIf(NOT_EQUAL, out);
    a.alu(Alu.SUB, RBX, 1).jumpIf(NOT_EQUAL, loop);
    a.bind(out).clear(R15).pop(RBX, RSI, RBP, R8, R9, R13).ret();
  }
}
