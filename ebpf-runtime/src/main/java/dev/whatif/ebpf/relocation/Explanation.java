package dev.whatif.ebpf.relocation;

import dev.whatif.ebpf.btf.CoreRelocationKind;

/** A relocation in words. */
final class Explanation {

  private final CoreRelocationKind kind;
  private final String what;
  private final String where;

  /**
   * @param where the target's name
   */
  Explanation(Question question, String where) {
    this.kind = question.kind();
    this.what = question.path().label();
    this.where = where;
  }

  /** Of an instruction that holds the target's answer. */
  String patched(long before, long after) {
    String in = " in " + where;
    String was = before == after ? "" : "; was " + before;
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> what + " at byte offset " + after + in + was;
      case FIELD_BYTE_SIZE, TYPE_SIZE -> what + " has " + after + " bytes" + in + was;
      case FIELD_SIGNED -> what + " is " + (after == 0 ? "unsigned" : "signed") + in;
      case FIELD_LSHIFT_U64 -> what + " is shifted left by " + after + in + was;
      case FIELD_RSHIFT_U64 -> what + " is shifted right by " + after + in + was;
      case TYPE_ID_LOCAL -> what + " is type " + after + " of the object";
      case TYPE_ID_TARGET -> after == 0 ? missing() : what + " is type " + after + in;
      case FIELD_EXISTS, TYPE_EXISTS, ENUMVAL_EXISTS ->
          after == 0 ? missing() : what + " exists" + in;
      case TYPE_MATCHES -> what + (after == 0 ? " is not" : " is") + in + " as it is in the object";
      case ENUMVAL_VALUE -> what + " is " + after + in + was;
    };
  }

  /** Of something that the target does not have. */
  String missing() {
    return what + " does not exist in " + where;
  }

  /** Of a load or store that would read something else. */
  String wrongWidth(Answer answer) {
    return "%s has %d bytes in %s and %d in the object, and its sign or kind forbids a wider or narrower load"
        .formatted(what, answer.targetWidth(), where, answer.localWidth());
  }
}
