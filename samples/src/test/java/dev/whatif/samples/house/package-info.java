/**
 * The rules of the house, as tests: which module and package may know which, what must be
 * documented, how long a file may be.
 *
 * <p>They lie here because only this module sees all others. {@link
 * dev.whatif.samples.house.Repository} knows where the sources are; each test states one family of
 * rules and first proves that it saw everything, because a rule over nothing always holds.
 */
package dev.whatif.samples.house;
