package dev.whatif.ebpf.verifier;

import dev.whatif.ebpf.isa.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known at a point of a path through the program: the frames of the calls that
 * it is in, and what it must still give back. One thread.
 */
final class MachineState {

  /** Something that a helper handed out and that another must get back. */
  record Reference(int id, int taken) {}

  private final List<StackFrame> frames;
  private List<Reference> references;

  /** The last checkpoint on the way here. */
  @Nullable Checkpoint parent;

  MachineState(StackFrame first) {
    frames = new ArrayList<>(2);
    frames.add(first);
    references = List.of();
  }

  private MachineState(MachineState other) {
    frames = new ArrayList<>(other.frames.size() + 1);
    for (StackFrame frame : other.frames) {
      frames.add(frame.copy());
    }
    references = other.references;
    parent = other.parent;
  }

  MachineState copy() {
    return new MachineState(this);
  }

  /** The frame of the running function. */
  StackFrame frame() {
    return frames.getLast();
  }

  StackFrame frame(int number) {
    return frames.get(number);
  }

  int depth() {
    return frames.size();
  }

  void enter(StackFrame frame) {
    frames.add(frame);
  }

  StackFrame leave() {
    return frames.removeLast();
  }

  RegisterState get(Register register) {
    return frame().get(register);
  }

  void set(Register register, RegisterState state) {
    frame().set(register, state);
  }

  /** Changes every register in every frame, and every one that was saved. */
  void replaceAll(UnaryOperator<RegisterState> change) {
    for (StackFrame frame : frames) {
      frame.replaceAll(change);
    }
  }

  List<Reference> references() {
    return references;
  }

  void acquire(int id, int at) {
    List<Reference> more = new ArrayList<>(references);
    more.add(new Reference(id, at));
    references = List.copyOf(more);
  }

  /** Whether there was such a reference. */
  boolean release(int id) {
    List<Reference> rest = references.stream().filter(r -> r.id != id).toList();
    boolean found = rest.size() < references.size();
    references = rest;
    return found;
  }
}
