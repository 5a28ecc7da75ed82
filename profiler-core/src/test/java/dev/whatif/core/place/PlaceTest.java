package dev.whatif.core.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whatif.core.failure.UsageException;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

  static Stream<Arguments> places() {
    return Stream.of(
        place("compress", t -> new Place.Function(t, null, "compress")),
        place("_start", t -> new Place.Function(t, null, "_start")),
        place("main.cold", t -> new Place.Function(t, null, "main.cold")),
        place("libz.so.1:compress", t -> new Place.Function(t, "libz.so.1", "compress")),
        place("/lib/libz.so.1:compress", t -> new Place.Function(t, "/lib/libz.so.1", "compress")),
        place("ns::f", t -> new Place.Function(t, null, "ns::f")),
        place("::f", t -> new Place.Function(t, null, "f")),
        place("app:::f", t -> new Place.Function(t, "app", "f")),
        place("app:ns::f(int)", t -> new Place.Function(t, "app", "ns::f(int)")),
        place("ns::f(std::string)", t -> new Place.Function(t, null, "ns::f(std::string)")),
        place(
            "a::operator()(int) const",
            t -> new Place.Function(t, null, "a::operator()(int) const")),
        place("./usdt:f", t -> new Place.Function(t, "./usdt", "f")),
        place("server.c:123", t -> new Place.Line(t, "server.c", 123)),
        place("src/a b.c:1", t -> new Place.Line(t, "src/a b.c", 1)),
        place("libz.so.1+0x4980", t -> new Place.Unnamed(t, "libz.so.1", 0x4980)),
        place("[libz.so.1]+0x4980", t -> new Place.Unnamed(t, "libz.so.1", 0x4980)),
        place("0x7f00deadbeef", t -> new Place.Address(t, 0x7f00deadbeefL)),
        place("0xffffffffffffffff", t -> new Place.Address(t, -1)),
        place("usdt:libc:setjmp", t -> new Place.Usdt(t, "libc", "setjmp")),
        place("usdt:my-app:a__b", t -> new Place.Usdt(t, "my-app", "a__b")),
        place("syscall:write", t -> new Place.Syscall(t, "write")),
        place(
            "tracepoint:sched:sched_switch", t -> new Place.Tracepoint(t, "sched", "sched_switch")),
        place("java:com.acme.Cache.get", t -> new Place.JavaMethod(t, "com.acme.Cache", "get")));
  }

  @ParameterizedTest
  @MethodSource("places")
  void isReadAsItWasMeant(String text, Place expected) {
    assertThat(Place.parse(text)).isEqualTo(expected);
    assertThat(Place.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " f",
        "f\n",
        "f\u0000",
        ":",
        ":f",
        "app:",
        "::",
        "f::",
        "app:::",
        "a:b:c",
        "123",
        "server.c:0",
        "server.c:9999999999",
        "0x",
        "0xzz",
        "0x11112222333344445",
        "app+0x11112222333344445",
        "usdt:f",
        "usdt:",
        "usdt:a:b:c",
        "usdt:a b:c",
        "syscall:",
        "syscall:a:b",
        "tracepoint:sched",
        "java:get",
        "java:a.b.",
      })
  void orRefusedWithAWayOut(String text) {
    assertThatThrownBy(() -> Place.parse(text))
        .isInstanceOfSatisfying(
            UsageException.class,
            e -> {
              assertThat(e.getMessage()).isNotBlank().doesNotContain("\n\n");
              assertThat(e.remedy()).startsWith("write ");
            });
  }

  @Test
  void aLineHasNoColumn() {
    assertThatThrownBy(() -> Place.parse("server.c:12:7"))
        .isInstanceOfSatisfying(
            UsageException.class, e -> assertThat(e.remedy()).isEqualTo("write server.c:12"));
  }

  @Property
  boolean nothingElseIsThrown(@ForAll("texts") String text) {
    try {
      return Place.parse(text).text().equals(text);
    } catch (UsageException e) {
      return e.remedy() != null;
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            ":",
            "::",
            "usdt",
            "syscall",
            "tracepoint",
            "java",
            "0x",
            "f",
            "a.c",
            "12",
            ".",
            "+0x1",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            " ",
            "operator",
            "/",
            "\u0000",
            "\ud83d\ude00");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        pieces.list().ofMaxSize(12).map(p -> String.join("", p)));
  }

  private static Arguments place(String text, java.util.function.Function<String, Place> made) {
    return Arguments.of(text, made.apply(text));
  }
}
