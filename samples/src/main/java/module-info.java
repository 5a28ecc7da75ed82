/** What one can run without owning a problem: targets, workloads, the demo command. */
@org.jspecify.annotations.NullMarked
module dev.whatif.samples {
  requires dev.whatif.core;
  requires static org.jspecify;
}
