package dev.whatif.core.recording;

/**
 * One frame of a sampled stack.
 *
 * @param object the file the code lies in, without folder; of bytecode the class
 * @param function its name for people
 * @param sourceFile full path of the source, or the empty string
 * @param line source line, or 0
 * @param offset bytes from the start of the physical function, or the bytecode index; 0 when
 *     unknown
 * @param type kind of code
 */
public record Frame(
    String object, String function, String sourceFile, int line, int offset, FrameType type) {}
