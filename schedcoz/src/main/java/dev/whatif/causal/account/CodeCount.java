package dev.whatif.causal.account;

/**
 * How often an instruction was sampled.
 *
 * @param device of its file, as the kernel numbers it: major shifted left by 20, or minor
 * @param inode of its file
 * @param offset in its file
 * @param samples in user mode
 */
public record CodeCount(int device, long inode, long offset, long samples) {}
