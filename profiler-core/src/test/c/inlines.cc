// Templates, lambdas, constructors and exceptions: what C++ makes of inlining.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace shape {

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};

template <typename T>
struct Box final : Shape {
  T width, height;
  Box(T w, T h) : width(w), height(h) {
    if (w < 0) throw std::invalid_argument("width");
  }
  double area() const override { return static_cast<double>(width) * static_cast<double>(height); }
};

namespace {
template <int N>
inline long unroll(long x) {
  if constexpr (N == 0) {
    return x;
  } else {
    return unroll<N - 1>(x * 3 + N);
  }
}
}  // namespace

std::vector<std::unique_ptr<Shape>> shapes(int n) {
  std::vector<std::unique_ptr<Shape>> result;
  for (int i = 0; i < n; i++) {
    if (i % 2 == 0) {
      result.push_back(std::make_unique<Box<int>>(i, i + 1));
    } else {
      result.push_back(std::make_unique<Box<double>>(i * 0.5, i));
    }
  }
  return result;
}

}  // namespace shape

static std::map<std::string, long> count(const std::vector<std::string>& words) {
  std::map<std::string, long> result;
  std::for_each(words.begin(), words.end(), [&result](const std::string& w) {
    result[w] += shape::unroll<4>(static_cast<long>(w.size()));
  });
  return result;
}

static long apply(const std::function<long(long)>& f, long x) { return f(x); }

int main(int argc, char** argv) {
  struct Local {
    long seed;
    long next() { return seed = shape::unroll<7>(seed); }
  } local{argc};
  auto all = shape::shapes(20);
  double area = std::accumulate(all.begin(), all.end(), 0.0,
                                [](double a, const auto& s) { return a + s->area(); });
  std::vector<std::string> words;
  for (int i = 0; i < 50; i++) {
    words.push_back(std::to_string(local.next() % 10));
  }
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return b < a; });
  long sum = 0;
  for (const auto& [word, n] : count(words)) {
    sum += apply([n = n](long x) { return x * n; }, static_cast<long>(word.size()));
  }
  try {
    shape::Box<int> bad(-argc, 1);
  } catch (const std::exception& e) {
    std::printf("%s %f %ld\n", e.what(), area, sum);
  }
  (void)argv;
  return 0;
}
