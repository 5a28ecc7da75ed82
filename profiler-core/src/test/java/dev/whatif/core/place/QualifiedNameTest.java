package dev.whatif.core.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.symbol.Demangler;
import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QualifiedNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "f; f; f; ; f",
        "f(int); f; f; int; f",
        "ns::f(int, char const*); ns::f; ns::f; int,char const*; f",
        "int ns::f<int>(int); ns::f; ns::f<int>; int; f",
        "ns::(anonymous namespace)::f(long); ns::f; ns::f; long; f",
        "(anonymous namespace)::f(); f; f; ''; f",
        "std::vector<int, std::allocator<int> >::push_back(int&&); std::vector::push_back;"
            + " std::vector<int,std::allocator<int>>::push_back; int&&; push_back",
        "a::operator()(int) const; a::operator(); a::operator(); int; operator()",
        "a::operator<(a const&) const; a::operator<; a::operator<; a const&; operator<",
        "a::operator<< <int>(int); a::operator<<; a::operator<<<int>; int; operator<<",
        "a::operator->() const; a::operator->; a::operator->; ''; operator->",
        "a::operator bool() const; a::operator bool; a::operator bool; ''; operator bool",
        "operator new(unsigned long); operator new; operator new; unsigned long; operator new",
        "operator delete[](void*); operator delete[]; operator delete[]; void*; operator delete[]",
        "main::{lambda(int)#1}::operator()(int) const; main::{lambda(int)#1}::operator();"
            + " main::{lambda(int)#1}::operator(); int; operator()",
        "f(int)::{lambda(long)#2}::operator()(long) const; f::{lambda(long)#2}::operator();"
            + " f::{lambda(long)#2}::operator(); long; operator()",
        "f(int) [clone .cold]; f; f; int; f",
        "f[abi:cxx11](int); f; f; int; f",
        "a::~a(); a::~a; a::~a; ''; ~a",
        "core::ptr::drop_in_place<alloc::vec::Vec<u8>>; core::ptr::drop_in_place;"
            + " core::ptr::drop_in_place<alloc::vec::Vec<u8>>; ; drop_in_place",
        "<alloc::vec::Vec<T> as core::ops::Drop>::drop; <alloc::vec::Vec<T> as core::ops::Drop>::drop;"
            + " <alloc::vec::Vec<T> as core::ops::Drop>::drop; ; drop",
        "f.part.0; f; f; ; f",
        "f.constprop.0.isra.0; f; f; ; f",
        "main.walk; main.walk; main.walk; ; main.walk"
      })
  void isTakenApart(
      String name, String plain, String full, @Nullable String parameters, String base) {
    QualifiedName q = QualifiedName.of(name);
    assertThat(q).isEqualTo(new QualifiedName(plain, full, parameters));
    assertThat(q.base()).isEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.cold", "f.part.0", "f.part.0.cold", "f.constprop.0.cold"})
  void partsAreNotEntered(String linked) {
    assertThat(QualifiedName.isPart(linked)).isTrue();
    assertThat(QualifiedName.withoutClone(linked)).isEqualTo("f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f", "f.constprop.0", "f.isra.0", "cold", ".cold", "f.lto_priv.3"})
  void copiesAre(String linked) {
    assertThat(QualifiedName.isPart(linked)).isFalse();
  }

  /** c++filt writes out what the mangling abbreviates (Itanium C++ ABI 5.1.10). */
  private static String abbreviated(String name) {
    return name.replace(
            "std::basic_string<char,std::char_traits<char>,std::allocator<char>>", "std::string")
        .replace("std::basic_istream<char,std::char_traits<char>>", "std::istream")
        .replace("std::basic_ostream<char,std::char_traits<char>>", "std::ostream")
        .replace("std::basic_iostream<char,std::char_traits<char>>", "std::iostream")
        .replace(" ", "");
  }

  /** Every name of a real library begins, without its parameters, as c++filt -p prints it. */
  @Test
  @Requires(Requirement.BINUTILS)
  void agreesWithCxxfiltAboutParameters() throws Exception {
    Path names = Programs.folder("places").resolve("names");
    java.nio.file.Files.writeString(
        names,
        String.join(
                "\n",
                Programs.run(
                        "nm", "-D", "--defined-only", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6")
                    .lines()
                    .map(l -> l.substring(l.lastIndexOf(' ') + 1).replaceFirst("@.*", ""))
                    .filter(l -> l.startsWith("_ZN") || l.startsWith("_ZStl"))
                    // std::istream and its like, and conversions to pointers to members: c++filt
                    // writes
                    // them otherwise than the library's demangler
                    .filter(l -> !l.matches(".*cvM.*"))
                    .distinct()
                    .toList())
            + "\n");
    var mangled = java.nio.file.Files.readAllLines(names);
    var without = Programs.run("sh", "-c", "c++filt -p < " + names).lines().toList();
    assertThat(without).hasSameSizeAs(mangled).hasSizeGreaterThan(3000);
    for (int i = 0; i < mangled.size(); i++) {
      String readable = Demangler.demangle(mangled.get(i)).text();
      // c++filt keeps the type of the result of templates; and local functions' outer parameters.
      String expected = abbreviated(QualifiedName.of(without.get(i)).full());
      assertThat(abbreviated(QualifiedName.of(readable).full())).as(readable).isEqualTo(expected);
      assertThat(abbreviated(QualifiedName.tight(without.get(i)).replace("[abi:cxx11]", "")))
          .as(readable)
          .endsWith(abbreviated(QualifiedName.of(readable).full()));
    }
  }

  @Property
  @Timeout(20)
  boolean neverFails(@ForAll("names") String name) {
    QualifiedName q = QualifiedName.of(name);
    q.base();
    QualifiedName.isPart(name);
    return q.plain().length() <= name.length();
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(
            "::",
            "f",
            "<",
            ">",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            " ",
            "operator",
            "&",
            "&&",
            " const",
            ".cold",
            ".1",
            "~",
            "(anonymous namespace)",
            " [clone ",
            "->",
            ",")
        .list()
        .ofMaxSize(60)
        .map(p -> String.join("", p));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f()&&&&", ".1.1.1", "f.cold.cold", "<<<<", "((((", "operator<", " [clone "})
  @Timeout(5)
  void longHostileNamesCostLittle(String piece) {
    QualifiedName.of(piece.repeat(2000)).base();
    QualifiedName.isPart(piece.repeat(2000));
  }
}
