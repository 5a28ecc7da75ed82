package dev.whatif.ebpf.map.code;

import static dev.whatif.core.x86.Condition.ABOVE;
import static dev.whatif.core.x86.Condition.ABOVE_OR_EQUAL;
import static dev.whatif.core.x86.Condition.EQUAL;
import static dev.whatif.core.x86.Condition.NOT_EQUAL;
import static dev.whatif.core.x86.Register.R10;
import static dev.whatif.core.x86.Register.R11;
import static dev.whatif.core.x86.Register.R12;
import static dev.whatif.core.x86.Register.R8;
import static dev.whatif.core.x86.Register.R9;
import static dev.whatif.core.x86.Register.RAX;
import static dev.whatif.core.x86.Register.RBX;
import static dev.whatif.core.x86.Register.RCX;
import static dev.whatif.core.x86.Register.RDI;
import static dev.whatif.core.x86.Register.RDX;
import static dev.whatif.core.x86.Register.RSI;
import static dev.whatif.ebpf.map.code.At.at;

import dev.whatif.core.linux.Errno;
import dev.whatif.ebpf.map.MapLayout;
import dev.whatif.ebpf.map.RingLayout;
import dev.whatif.ebpf.map.code.Assembly.Alu;

/** The writing side of {@link dev.whatif.ebpf.map.RingMap}. */
final class RingCode {

  /** RINGBUF_MAX_RECORD_SZ. */
  private static final int MOST_LENGTH = 0x3fff_ffff;

  private static final int WAKEUP_FLAGS = 3;
  private static final long LOW_HALF = 0xffff_ffffL;

  private final Assembly a;
  private final Place reserving = new Place();

  RingCode(Assembly assembly) {
    this.a = assembly;
  }

  /** rdi map, rsi bytes, rdx flags. */
  void reserve() {
    Place refused = new Place();
    a.test(RDX, RDX).jumpIf(NOT_EQUAL, refused);
    a.alu(Alu.ADD, RDI, at(RDI, MapLayout.RINGS_OFFSET)).jump(reserving);
    a.bind(refused).clear(RAX).ret();
    a.align(16).bind(reserving);
    reserveIn();
  }

  /** rdi ring, rsi bytes: rax = where to write. The steps are those of {@code Ring.reserve}. */
  private void reserveIn() {
    Place drop = new Place();
    Place again = new Place();
    Place help = new Place();
    a.alu(Alu.CMP, RSI, MOST_LENGTH).jumpIf(ABOVE, drop);
    a.compare32(at(R12, Blocks.SLOT_OFFSET), RingLayout.MOST_SLOTS).jumpIf(ABOVE_OR_EQUAL, drop);
    taken(R8, RSI);
    a.load(R9, at(RDI, RingLayout.SIZE_OFFSET)).alu(Alu.CMP, R8, R9).jumpIf(ABOVE, drop);
    a.bind(again).load(R10, at(RDI, RingLayout.PRODUCER_OFFSET));
    a.move(RAX, R10).alu(Alu.SUB, RAX, at(RDI, RingLayout.CONSUMER_OFFSET));
    a.address(R11, at(R9, -1)).alu(Alu.AND, R11, R10);
    a.load(RDX, at(RDI, R11, RingLayout.DESCRIPTORS_OFFSET));
    a.alu(Alu.CMP, R10, at(RDI, RingLayout.PRODUCER_OFFSET)).jumpIf(NOT_EQUAL, again);
    a.alu(Alu.ADD, RAX, R8).alu(Alu.CMP, RAX, R9).jumpIf(ABOVE_OR_EQUAL, drop);
    a.move(RAX, RDX).shiftRight(RAX, RingLayout.STATE_SHIFT).jumpIf(NOT_EQUAL, help);
    a.load(RCX, at(RDI, RingLayout.SIZE_LOG2_OFFSET)).move(RAX, R10).shiftRightByCl(RAX);
    a.alu32(Alu.AND, RAX, (int) RingLayout.LAP_MASK).shiftLeft(RAX, RingLayout.LAP_SHIFT);
    a.alu(Alu.OR, RAX, RSI).load32(RCX, at(R12, Blocks.SLOT_OFFSET));
    a.shiftLeft(RCX, RingLayout.SLOT_SHIFT).alu(Alu.OR, RCX, RAX);
    a.move(RAX, (long) RingLayout.BUSY << RingLayout.STATE_SHIFT).alu(Alu.OR, RCX, RAX);
    a.move(RAX, RDX);
    a.compareAndSwap(at(RDI, R11, RingLayout.DESCRIPTORS_OFFSET), RCX).jumpIf(NOT_EQUAL, again);
    a.move(RAX, R10).address(RDX, at(R10, R8, 0));
    a.compareAndSwap(at(RDI, RingLayout.PRODUCER_OFFSET), RDX); // or somebody else did
    a.address(RAX, at(RDI, R9, RingLayout.DESCRIPTORS_OFFSET)).alu(Alu.ADD, RAX, R11);
    a.move(RDX, RAX).alu(Alu.SUB, RDX, RDI).shiftRight(RDX, 12).shiftLeft(RDX, 32);
    a.alu(Alu.OR, RDX, RSI).store(at(RAX, 0), RDX);
    a.alu(Alu.ADD, RAX, RingLayout.HEADER).ret();
    a.bind(help).alu32(Alu.AND, RDX, RingLayout.LENGTH_MASK);
    taken(RDX, RDX);
    a.alu(Alu.ADD, RDX, R10).move(RAX, R10);
    a.compareAndSwap(at(RDI, RingLayout.PRODUCER_OFFSET), RDX).jump(again);
    a.bind(drop).atomicIncrement(at(RDI, RingLayout.DROPPED_OFFSET)).clear(RAX).ret();
  }

  private void taken(dev.whatif.core.x86.Register to, dev.whatif.core.x86.Register length) {
    a.address(to, at(length, RingLayout.HEADER + RingLayout.ALIGNMENT - 1));
    a.alu(Alu.AND, to, -RingLayout.ALIGNMENT);
  }

  /** rdi what was reserved. */
  void submit() {
    end(RingLayout.READY);
    a.clear(RAX).ret();
  }

  /** rdi what was reserved. */
  void discard() {
    end(RingLayout.DISCARDED);
    a.clear(RAX).ret();
  }

  /** rdi what was reserved: its descriptor says so. Changes rax, rcx, rdx. */
  private void end(int state) {
    a.load32(RDX, at(RDI, -RingLayout.HEADER + Integer.BYTES)).shiftLeft(RDX, 12);
    a.address(RAX, at(RDI, -RingLayout.HEADER)).move(RCX, RAX);
    a.alu(Alu.AND, RCX, -MapLayout.PAGE).alu(Alu.SUB, RCX, RDX); // the ring
    a.alu(Alu.SUB, RAX, at(RCX, RingLayout.SIZE_OFFSET));
    a.load(RDX, at(RAX, 0));
    a.move(RCX, (long) (state ^ RingLayout.BUSY) << RingLayout.STATE_SHIFT);
    a.alu(Alu.XOR, RDX, RCX).store(at(RAX, 0), RDX);
  }

  /** rdi map, rsi data, rdx bytes, rcx flags. */
  void output() {
    Place invalid = new Place();
    Place full = new Place();
    a.move(RAX, RCX).alu(Alu.AND, RAX, ~WAKEUP_FLAGS).jumpIf(NOT_EQUAL, invalid);
    a.alu(Alu.ADD, RDI, at(RDI, MapLayout.RINGS_OFFSET));
    write(full);
    a.bind(invalid);
    Blocks.fail(a, Errno.EINVAL);
    a.ret().bind(full);
    Blocks.fail(a, Errno.EAGAIN);
    a.ret();
  }

  /** rdi ring, rsi data, rdx bytes: a record, and rax = 0. */
  private void write(Place full) {
    a.push(RBX).move(RBX, RSI).push(RDX).move(RSI, RDX);
    a.call(reserving).pop(RCX).move(RSI, RBX).pop(RBX);
    a.test(RAX, RAX).jumpIf(EQUAL, full);
    Blocks.copy(a, RSI, RAX, RDX);
    a.move(RDI, RAX);
    end(RingLayout.READY);
    a.clear(RAX).ret();
  }

  /** rdi map, rsi flags, rdx data, rcx bytes: into the ring of this thread's slot. */
  void perfOutput() {
    Place invalid = new Place();
    Place tooBig = new Place();
    Place other = new Place();
    Place full = new Place();
    Place own = new Place();
    a.move32(R8, RSI).alu(Alu.CMP, R8, RSI).jumpIf(NOT_EQUAL, invalid);
    a.load32(R9, at(R12, Blocks.SLOT_OFFSET));
    a.alu32(Alu.CMP, R8, (int) LOW_HALF).jumpIf(NOT_EQUAL, own).move(R8, R9);
    a.bind(own).alu32(Alu.CMP, R8, at(RDI, MapLayout.SLOTS_OFFSET));
    a.jumpIf(ABOVE_OR_EQUAL, tooBig);
    a.alu(Alu.CMP, R8, R9).jumpIf(NOT_EQUAL, other);
    a.multiply(R8, at(RDI, MapLayout.RING_STRIDE_OFFSET));
    a.alu(Alu.ADD, RDI, at(RDI, MapLayout.RINGS_OFFSET)).alu(Alu.ADD, RDI, R8);
    a.move(RSI, RDX).move(RDX, RCX);
    write(full);
    a.bind(invalid);
    Blocks.fail(a, Errno.EINVAL);
    a.ret().bind(tooBig);
    Blocks.fail(a, Errno.E2BIG);
    a.ret().bind(other);
    Blocks.fail(a, Errno.EOPNOTSUPP);
    a.ret().bind(full);
    Blocks.fail(a, Errno.ENOSPC);
    a.ret();
  }

  /** rdi map, rsi what. */
  void query() {
    Place[] answers = {new Place(), new Place(), new Place(), new Place()};
    a.alu(Alu.ADD, RDI, at(RDI, MapLayout.RINGS_OFFSET));
    for (int i = 0; i < answers.length; i++) {
      a.alu(Alu.CMP, RSI, i).jumpIf(EQUAL, answers[i]);
    }
    a.clear(RAX).ret();
    a.bind(answers[0]).load(RAX, at(RDI, RingLayout.PRODUCER_OFFSET));
    a.alu(Alu.SUB, RAX, at(RDI, RingLayout.CONSUMER_OFFSET)).ret();
    a.bind(answers[1]).load(RAX, at(RDI, RingLayout.SIZE_OFFSET)).ret();
    a.bind(answers[2]).load(RAX, at(RDI, RingLayout.CONSUMER_OFFSET)).ret();
    a.bind(answers[3]).load(RAX, at(RDI, RingLayout.PRODUCER_OFFSET)).ret();
  }
}
