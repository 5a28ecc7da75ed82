package dev.whatif.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.core.recording.Frame;
import dev.whatif.core.recording.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlameGraphHtmlTest {

  @Test
  void namesOfAHostileProgramStayNames() throws IOException {
    Frame evil = new Frame("a", "x</script><script>alert('1')\\//<!--", "", 0, 0, FrameType.NATIVE);
    String page = page("<img src=x onerror=alert(2)>", evil);
    String ordinary = page("redis", new Frame("a", "main", "", 0, 0, FrameType.NATIVE));
    assertThat(page.split("</script>", -1)).hasSameSizeAs(ordinary.split("</script>", -1));
    assertThat(page.split("<!--", -1)).hasSameSizeAs(ordinary.split("<!--", -1));
    assertThat(page).doesNotContain("<img").contains("alert(\\'1\\')\\\\//");
  }

  private static String page(String title, Frame frame) throws IOException {
    StackCounts stacks = new StackCounts(title, 0, 1, Map.of(List.of(frame), 3L));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new FlameGraphHtml().write(stacks, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
