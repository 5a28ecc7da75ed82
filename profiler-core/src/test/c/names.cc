// C++ names of many shapes, some inlined, burning CPU until it is killed.
#include <functional>
#include <map>
#include <string>
#include <vector>

volatile unsigned long sink;

namespace outer {
namespace {
__attribute__((noinline)) void hidden(int n) { sink += n; }
}  // namespace

template <typename T, int N>
struct Ring {
  T items[N];
  __attribute__((noinline)) T &at(int i) { return items[i % N]; }
  inline __attribute__((always_inline)) void put(int i, T v) { at(i) = v + sink; }
  Ring operator+(const Ring &o) const;
};

template <typename T, int N>
__attribute__((noinline)) Ring<T, N> Ring<T, N>::operator+(const Ring &o) const {
  Ring r{};
  for (int i = 0; i < N; i++) r.items[i] = items[i] + o.items[i];
  return r;
}

__attribute__((noinline)) int words(const std::map<std::string, std::vector<int>> &m,
                                    std::function<int(const std::string &)> f) {
  int n = 0;
  for (auto &e : m) n += f(e.first) + e.second.size();
  return n;
}
}  // namespace outer

struct Base {
  virtual ~Base() { sink++; }
  virtual int turn(int) const = 0;
};
struct Derived : Base {
  __attribute__((noinline)) int turn(int n) const override { return n * 3 + sink; }
};

extern "C" __attribute__((noinline)) void plain_c(int n) { outer::hidden(n); }

int main() {
  outer::Ring<long, 8> a{}, b{};
  std::map<std::string, std::vector<int>> m{{"one", {1}}, {"two", {1, 2}}};
  Derived d;
  Base *p = &d;
  for (;;) {
    a.put(3, sink);
    b = a + b;
    plain_c(p->turn(4));
    sink += outer::words(m, [](const std::string &s) { return (int)s.size(); });
  }
}
