package dev.whatif.ebpf.object;

/** What a symbol means to an instruction that names it. */
interface SymbolResolver {

  /** Whether a symbol lies in code. */
  boolean isCode(ObjectSymbol symbol);

  /** The code section of a symbol; an error when it lies elsewhere. */
  CodeSection codeSection(Function user, int slot, ObjectSymbol symbol);

  /** The kernel function that an undefined symbol names. */
  CodeReference.KernelFunction kernelFunction(Function user, int slot, ObjectSymbol symbol);

  /** What a 64-bit load of a symbol's address refers to; its own slot is not set yet. */
  CodeReference address(Function user, int slot, ObjectSymbol symbol, int addend);
}
