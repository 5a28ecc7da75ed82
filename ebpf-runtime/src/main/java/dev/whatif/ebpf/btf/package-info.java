/**
 * BTF, the type format of BPF (kernel: Documentation/bpf/btf.rst): what a struct looks like in this
 * kernel, in this object, in this module.
 *
 * <p>Start at {@link dev.whatif.ebpf.btf.Btf}: it parses a blob, keeps it as the bytes that came,
 * and decodes a type when somebody asks for it, so that the kernel's 150,000 types cost one scan.
 * {@link dev.whatif.ebpf.btf.BtfType} is the closed set of what there is. {@link
 * dev.whatif.ebpf.btf.BtfExt} reads the companion section {@code .BTF.ext}: source lines, function
 * types and CO-RE relocations by instruction. {@link dev.whatif.ebpf.btf.BtfBuilder} writes.
 *
 * <p>Checked when parsing: the header, the extent of every type, every kind and every name's
 * offset. Checked when asked: references to other types, loops of typedefs, arrays and modifiers.
 * Not checked: whether the kernel would accept it (member offsets inside their struct, names that
 * are identifiers).
 */
package dev.whatif.ebpf.btf;
