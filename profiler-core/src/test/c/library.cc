// Spends its time in the C and C++ libraries: sorting, regular expressions, streams, printf, malloc,
// maps, exceptions that are thrown through several frames; two threads.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

volatile unsigned long sink;
#define NOINLINE __attribute__((noinline))

struct Guard {
  std::string text;
  explicit Guard(int n) : text(40 + n, 'g') {}
  ~Guard() { sink = sink + text.size(); }
};

NOINLINE int throws(int depth) {
  Guard guard(depth);
  if (depth == 0) throw std::runtime_error("deep " + guard.text);
  return throws(depth - 1) + 1;
}

NOINLINE void exceptions() {
  for (int i = 0; i < 50; i++) {
    try {
      sink = sink + throws(i % 10);
    } catch (const std::exception &e) {
      sink = sink + e.what()[0];
    }
  }
}

NOINLINE void sorts() {
  std::vector<std::string> v;
  for (int i = 0; i < 500; i++) v.push_back(std::to_string(rand() * 2654435761UL));
  std::sort(v.begin(), v.end(), [](const std::string &a, const std::string &b) { return b < a; });
  std::stable_sort(v.begin(), v.end());
  sink = sink + v[7].size();
}

NOINLINE void regexes() {
  static const std::regex word("([a-z]+)([0-9]*)-(x|y|z)+");
  std::string text;
  for (int i = 0; i < 20; i++) text += "abc" + std::to_string(i) + "-xyz ";
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i)
    sink = sink + i->length();
}

NOINLINE void streams() {
  std::ostringstream out;
  for (int i = 0; i < 200; i++) out << i << ' ' << i / 7.0 << ' ' << std::hex << i << '\n';
  std::istringstream in(out.str());
  std::string s;
  while (in >> s) sink = sink + s.size();
}

NOINLINE void maps() {
  std::map<int, std::shared_ptr<Guard>> m;
  for (int i = 0; i < 300; i++) m[rand() % 500] = std::make_shared<Guard>(i % 50);
  std::function<int(int)> f = [&](int k) { return m.count(k) ? 1 : k > 400 ? 0 : f(k + 1); };
  for (int i = 0; i < 300; i++) sink = sink + f(i);
}

NOINLINE void prints() {
  char text[200];
  for (int i = 0; i < 200; i++) {
    sink = sink + snprintf(text, sizeof text, "%d %-20s %g %Lf", i, "text", i * 1e10, i * 1.5L);
    sink = sink + strtod(text, nullptr);
  }
}

void all() {
  while (true) {
    exceptions();
    sorts();
    regexes();
    streams();
    maps();
    prints();
  }
}

int main() {
  std::thread other(all);
  all();
}
