// Functions without linkage names, all inlined into work: what encloses them is only in the tree of
// entries.
volatile int sink;

namespace outer {
namespace {
struct Local {
  int value;
  template <class T> inline int twice(T x) { sink = value; return value * 2 + x; }
};
inline int hidden(int x) {
  Local local{x};
  sink = x + 1;
  return local.twice(x);
}
}  // namespace
__attribute__((noinline)) int work(int x) { return hidden(x) + hidden(sink); }
}  // namespace outer

int main() { return outer::work(sink); }
