package dev.whatif.ebpf.relocation;

import dev.whatif.core.failure.UnavailableException;
import dev.whatif.ebpf.btf.BtfType;
import dev.whatif.ebpf.btf.CoreRelocation;
import dev.whatif.ebpf.btf.CoreRelocationKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One relocation record, read with the object's own types.
 *
 * @param path what it asks about
 */
record Question(CoreRelocationKind kind, AccessPath path) {

  static Question of(Types local, CoreRelocation relocation) {
    return new Question(relocation.kind(), AccessPath.parse(local, relocation));
  }

  /**
   * The answer of the target: all candidates that have what is asked about must give the same.
   *
   * @throws UnavailableException when they differ
   */
  Answer ask(Candidates candidates) {
    if (kind == CoreRelocationKind.TYPE_ID_LOCAL) {
      // The number in the instruction may be of before the object was linked.
      return Answer.of(path.root().id(), path.root().id(), false);
    }
    if (path.root().name().isEmpty()) {
      throw path.root().side().btf().bad(path.root().id(), "has no name to be searched by");
    }
    Effort effort = new Effort(path.label());
    Answer agreed = null;
    AccessPath first = null;
    List<TypeAt> matching = new ArrayList<>();
    for (TypeAt candidate : candidates.of(path.root())) {
      AccessPath found = find(candidate, effort);
      if (found == null) {
        continue;
      }
      Answer answer = answer(found);
      if (agreed == null || first == null) {
        agreed = answer;
        first = found;
      } else if (found.bitOffset() != first.bitOffset() || answer.target() != agreed.target()) {
        throw ambiguous(first, agreed, found, answer);
      }
      matching.add(candidate);
    }
    if (agreed == null) {
      return answer(null);
    }
    candidates.narrow(path.root(), matching);
    return agreed;
  }

  private @Nullable AccessPath find(TypeAt candidate, Effort effort) {
    return switch (kind) {
      case FIELD_BYTE_OFFSET,
          FIELD_BYTE_SIZE,
          FIELD_EXISTS,
          FIELD_SIGNED,
          FIELD_LSHIFT_U64,
          FIELD_RSHIFT_U64 ->
          PathSearch.find(path, candidate, effort);
      case ENUMVAL_EXISTS, ENUMVAL_VALUE -> PathSearch.enumerator(path, candidate);
      case TYPE_MATCHES ->
          new TypeMatch(effort).matches(path.root(), candidate) ? whole(candidate) : null;
      case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE ->
          new TypeComparison(effort).typesCompatible(path.root(), candidate)
              ? whole(candidate)
              : null;
    };
  }

  private static AccessPath whole(TypeAt type) {
    return new AccessPath(type, List.of(), 0);
  }

  private Answer answer(@Nullable AccessPath target) {
    return switch (kind) {
      case FIELD_EXISTS, TYPE_EXISTS, TYPE_MATCHES, ENUMVAL_EXISTS ->
          Answer.of(1, target == null ? 0 : 1, true);
      case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
          field(target);
      case TYPE_ID_TARGET ->
          Answer.of(path.root().id(), target == null ? 0 : target.root().id(), false);
      case TYPE_SIZE ->
          Answer.of(path.root().size(), target == null ? 0 : target.root().size(), true);
      case ENUMVAL_VALUE -> {
        long local = value(path);
        yield target == null ? Answer.missing(local) : Answer.of(local, value(target), true);
      }
      case TYPE_ID_LOCAL -> throw new IllegalStateException("answered without candidates");
    };
  }

  private Answer field(@Nullable AccessPath target) {
    FieldAspect here = FieldAspect.of(path, kind);
    if (target == null) {
      return Answer.missing(here.value());
    }
    FieldAspect there = FieldAspect.of(target, kind);
    return new Answer(
        here.value(),
        there.value(),
        false,
        here.validate(),
        here.width(),
        there.width(),
        here.width() != there.width() && !FieldAspect.adaptable(here, there));
  }

  /**
   * An enumerator's value as libbpf and the kernel take it: 32 bits with their sign, although clang
   * before version 15 did not say whether an enum has one.
   */
  private static long value(AccessPath path) {
    TypeAt type = path.last().type();
    long value = type.enumerators().get(path.last().index()).value();
    return type.type() instanceof BtfType.Enum ? (int) value : value;
  }

  private static UnavailableException ambiguous(
      AccessPath one, Answer first, AccessPath other, Answer second) {
    return new UnavailableException(
        "%s is ambiguous in %s: type %d says %d, and type %d (%s) says %d"
            .formatted(
                one.label(),
                one.root().side().btf().origin(),
                one.root().id(),
                first.target(),
                other.root().id(),
                other.label(),
                second.target()),
        "ask first about a field that only the right one of these types has");
  }
}
