// Overloads, templates, unnamed namespaces, operators and lambdas. Runs until its input ends.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

volatile long sink;

namespace shop {

__attribute__((noinline)) long price(int x) { return sink + x; }
__attribute__((noinline)) long price(long x, const std::string& name) { return sink * x + static_cast<long>(name.size()); }

template <typename T>
__attribute__((noinline)) T largest(const std::vector<T>& values) {
  T best{};
  for (const T& v : values) {
    if (v > best) best = v;
  }
  return best;
}

namespace {
__attribute__((noinline)) long hidden(long x) { return x * sink; }
inline long melted(long x) { return (x ^ sink) * 3; }
}  // namespace

class Basket {
 public:
  explicit Basket(long n) : total(n) { sink += n; }
  __attribute__((noinline)) ~Basket() { sink -= total; }
  __attribute__((noinline)) Basket& operator+=(long x) {
    total += melted(x);
    return *this;
  }
  __attribute__((noinline)) bool operator<(const Basket& other) const { return total < other.total + sink; }
  __attribute__((noinline)) long operator()(int x) const { return total + x + sink; }
  long total;
};

__attribute__((noinline)) long pay(long x) { return hidden(x) + melted(x + 1); }

}  // namespace shop

__attribute__((noinline)) long price(int x) { return x - sink; }

template <typename F>
__attribute__((noinline)) long apply(F f) { return f(3) + 1; }

int main(int argc, char**) {
  std::vector<int> ints{argc, 4, 5};
  std::vector<double> doubles{1.5, static_cast<double>(argc)};
  shop::Basket a(argc), b(2);
  a += argc;
  sink += shop::price(argc) + shop::price(5, "five") + price(argc) + shop::pay(argc);
  sink += shop::largest(ints) + static_cast<long>(shop::largest(doubles)) + (a < b) + a(2);
  sink += apply([&](int x) { return x * sink; }) + apply([](long x) { return x + sink; });
  std::printf("ready\n");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
    sink += shop::melted(sink);
  }
  return 0;
}
