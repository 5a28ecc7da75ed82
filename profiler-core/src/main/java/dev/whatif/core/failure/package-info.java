/**
 * What can go wrong in words a user can act on.
 *
 * <p>Every failure that reaches the command line is a {@link
 * dev.whatif.core.failure.WhatifException}: a sentence that says what failed and why, a remedy
 * where there is one, and the exit code that scripts rely on. The family is sealed: a new kind of
 * failure is a new exit code and belongs in the documentation of commands first. Programming errors
 * stay what they are (NullPointerException, IllegalStateException) and are printed as defects of
 * whatif.
 */
package dev.whatif.core.failure;
