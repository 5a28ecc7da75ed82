package dev.whatif.core.dwarf;

/**
 * The value of an attribute as it is written.
 *
 * @param form DW_FORM_*
 * @param bits number, index, offset or reference, depending on the form
 */
record Value(int form, long bits) {}
