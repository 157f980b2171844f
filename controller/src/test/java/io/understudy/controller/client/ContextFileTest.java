package io.understudy.controller.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContextFileTest {
  @TempDir private Path folder;

  @Test
  void theOptionGoesBeforeTheVariableAndThatBeforeTheUsersFolder() {
    Path home = Path.of("/home/ann");
    assertThat(ContextFile.locate(Optional.empty(), Map.of(), home))
        .isEqualTo(Path.of("/home/ann/.config/understudy/config.yaml"));
    assertThat(ContextFile.locate(Optional.empty(), Map.of("XDG_CONFIG_HOME", "/x"), home))
        .isEqualTo(Path.of("/x/understudy/config.yaml"));
    Map<String, String> named = Map.of("XDG_CONFIG_HOME", "/x", "UNDERSTUDY_CONFIG", "/y.yaml");
    assertThat(ContextFile.locate(Optional.empty(), named, home)).isEqualTo(Path.of("/y.yaml"));
    assertThat(ContextFile.locate(Optional.of(Path.of("z.yaml")), named, home))
        .isEqualTo(Path.of("z.yaml"));
  }

  @Test
  void allMistakesAreReportedAtOnceWithTheNearestKnownKeys() throws IOException {
    Path file =
        write(
            """
            current-contxt: demo
            contexts:
              demo:
                endpoints: [nowhere]
                certficate: a.crt
                key: 7
            """);
    assertThatThrownBy(() -> ContextFile.read(file))
        .isInstanceOf(Failure.class)
        .hasMessage(
            file
                + ": current-contxt: unknown key (nearest known: current-context);"
                + " contexts.demo.certficate: unknown key (nearest known: certificate);"
                + " contexts.demo.endpoints: nowhere (expected: host:port);"
                + " contexts.demo.certificate: missing (expected: text);"
                + " contexts.demo.key: 7 (expected: text);"
                + " contexts.demo.authority: missing (expected: text)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1, 2]", "a: b: c", "contexts: {}\ncontexts: {}", "current-context: x"})
  void whatIsNotAFileOfContextsIsRefusedInOneLine(String text) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> ContextFile.read(file))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith(file + ": ")
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
  }

  @Test
  void aFileThatIsNoTextIsNamedAsSuch() throws IOException {
    Path file = Files.write(folder.resolve("config.yaml"), new byte[] {'a', ':', (byte) 0xff});
    assertThatThrownBy(() -> ContextFile.read(file))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith(file + ": is no text in UTF-8; ");
  }

  @Test
  void aMissingFileSaysHowToMakeIt() {
    Path file = folder.resolve("none.yaml");
    assertThatThrownBy(() -> ContextFile.read(file))
        .hasMessageContaining("no such file; make it with `understudy config set-context");
  }

  @Test
  void whatWasWrittenIsReadBackAndIsPrivate() throws IOException {
    Path file = folder.resolve("new/config.yaml");
    Contexts contexts =
        new Contexts(
            file,
            Optional.of("demo"),
            Map.of("demo", new Contexts.Settings(List.of("[::1]:7"), "a.crt", "/a.key", "ca")));
    ContextFile.write(contexts);
    assertThat(ContextFile.read(file)).isEqualTo(contexts);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Context demo = contexts.select(Optional.empty());
    assertThat(demo.endpoints()).containsExactly(new Endpoint("::1", 7));
    assertThat(demo.certificate()).isEqualTo(folder.resolve("new/a.crt"));
    assertThat(demo.key()).isEqualTo(Path.of("/a.key"));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:7000, 10.0.0.1, 7000",
    "a.example:1, a.example, 1",
    "[fd00::1]:65535, fd00::1, 65535"
  })
  void endpointsAreHostAndPort(String text, String host, int port) {
    assertThat(Endpoint.parse(text)).contains(new Endpoint(host, port));
    assertThat(Endpoint.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":7", "a:0", "a:65536", "a:7x", "fd00::1:7", " :7"})
  void anythingElseIsNoEndpoint(String text) {
    assertThat(Endpoint.parse(text)).isEmpty();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }
}
