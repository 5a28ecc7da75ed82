package dev.whatif.core.dwarf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a unit's entries: for every code the tag and the list of attributes and forms
 * (DWARF 5, 7.5.3). Immutable.
 *
 * <p>A shape is an index; its attributes lie side by side in three arrays.
 */
final class Abbreviations {

  private static final int DENSE_CODES = 1 << 16;

  private int[] shapeOfSmallCode = new int[64];
  private @Nullable Map<Long, Integer> shapeOfLargeCode;
  private int[] tags = new int[64];
  private boolean[] children = new boolean[64];
  private int[] sizes = new int[64];
  private int[] firstAttribute = new int[65];
  private int[] attributes = new int[256];
  private int[] forms = new int[256];
  private long[] constants = new long[256];
  private int count;
  private boolean refersToOtherUnits;

  private Abbreviations() {
    Arrays.fill(shapeOfSmallCode, -1);
  }

  /** Reads a table; sizes are those of the given unit. */
  static Abbreviations read(SectionReader r, UnitHeader unit) {
    Abbreviations result = new Abbreviations();
    r.seek(unit.abbrevOffset());
    // Some producers leave out the final zero of the last table.
    while (r.hasRemaining()) {
      long code = r.uleb();
      if (code == 0) {
        break;
      }
      result.add(code, r, unit);
    }
    return result;
  }

  /** The shape of a code, or -1. */
  int shape(long code) {
    if (code >= 0 && code < shapeOfSmallCode.length) {
      return shapeOfSmallCode[(int) code];
    }
    return shapeOfLargeCode == null ? -1 : shapeOfLargeCode.getOrDefault(code, -1);
  }

  int tag(int shape) {
    return tags[shape];
  }

  boolean hasChildren(int shape) {
    return children[shape];
  }

  /** Bytes of an entry of this shape without its code, or -1 when they differ. */
  int size(int shape) {
    return sizes[shape];
  }

  /** Index of the shape's first attribute; the next shape's is the end. */
  int first(int shape) {
    return firstAttribute[shape];
  }

  int attribute(int index) {
    return attributes[index];
  }

  int form(int index) {
    return forms[index];
  }

  /** The value of DW_FORM_implicit_const. */
  long constant(int index) {
    return constants[index];
  }

  /** Whether entries may refer to those of other units or files. */
  boolean refersToOtherUnits() {
    return refersToOtherUnits;
  }

  private void add(long code, SectionReader r, UnitHeader unit) {
    int shape = count++;
    if (shape == tags.length) {
      tags = Arrays.copyOf(tags, shape * 2);
      children = Arrays.copyOf(children, shape * 2);
      sizes = Arrays.copyOf(sizes, shape * 2);
      firstAttribute = Arrays.copyOf(firstAttribute, shape * 2 + 1);
    }
    tags[shape] = r.ulebInt();
    children[shape] = r.u8() != 0;
    int next = firstAttribute[shape];
    int size = 0;
    while (true) {
      int attribute = r.ulebInt();
      int form = r.ulebInt();
      if (attribute == 0 && form == 0) {
        break;
      }
      if (next == attributes.length) {
        attributes = Arrays.copyOf(attributes, next * 2);
        forms = Arrays.copyOf(forms, next * 2);
        constants = Arrays.copyOf(constants, next * 2);
      }
      refersToOtherUnits |= Form.leadsOut(form);
      attributes[next] = attribute;
      forms[next] = form;
      constants[next] = form == Form.IMPLICIT_CONST ? r.sleb() : 0;
      next++;
      int bytes = Form.fixedSize(form, unit);
      size = size < 0 || bytes < 0 ? -1 : size + bytes;
    }
    sizes[shape] = size;
    firstAttribute[shape + 1] = next;
    remember(code, shape);
  }

  private void remember(long code, int shape) {
    if (code > 0 && code < DENSE_CODES) {
      int old = shapeOfSmallCode.length;
      if (code >= old) {
        shapeOfSmallCode = Arrays.copyOf(shapeOfSmallCode, Math.max(old * 2, (int) code + 1));
        Arrays.fill(shapeOfSmallCode, old, shapeOfSmallCode.length, -1);
      }
      if (shapeOfSmallCode[(int) code] < 0) {
        shapeOfSmallCode[(int) code] = shape;
      }
    } else {
      if (shapeOfLargeCode == null) {
        shapeOfLargeCode = new HashMap<>();
      }
      shapeOfLargeCode.putIfAbsent(code, shape);
    }
  }
}
