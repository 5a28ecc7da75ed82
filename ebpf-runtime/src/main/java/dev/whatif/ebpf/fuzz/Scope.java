package dev.whatif.ebpf.fuzz;

import dev.whatif.ebpf.isa.Register;
import java.util.EnumSet;
import java.util.List;

/** Which registers hold numbers at a place of a program that is being written. */
final class Scope {

  private final boolean hasMemory;
  private final EnumSet<Register> numbers = EnumSet.noneOf(Register.class);

  /**
   * Nothing yet.
   *
   * @param hasMemory whether r8 and r9 are the packet and the map's value
   */
  Scope(boolean hasMemory) {
    this.hasMemory = hasMemory;
  }

  boolean hasMemory() {
    return hasMemory;
  }

  void initialise(Register register) {
    numbers.add(register);
  }

  void lose(Register register) {
    numbers.remove(register);
  }

  boolean isNumber(Register register) {
    return numbers.contains(register);
  }

  List<Register> numbers() {
    return List.copyOf(numbers);
  }

  Scope copy() {
    Scope copy = new Scope(hasMemory);
    copy.numbers.addAll(numbers);
    return copy;
  }

  /** What is a number here and no longer at the end of a block. */
  List<Register> lostIn(Scope end) {
    return numbers.stream().filter(r -> !end.isNumber(r)).toList();
  }

  /** Becomes what is true whichever way was taken. */
  void join(Scope one, Scope other) {
    numbers.clear();
    numbers.addAll(one.numbers);
    numbers.retainAll(other.numbers);
  }
}
