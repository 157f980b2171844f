package io.understudy.controller.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter that knows no secret of the host. */
final class RedactionTest {
  private final Redaction redaction = new Redaction(new Secrets());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "password=/Ab9xQ2                            | password=[removed]",
        "password=/Ab9/xQ2+a=                        | password=[removed]",
        "password: /etc/hosts hunter2                | password: [removed]",
        "password-file: hunter2                      | password-file: [removed]",
        "token_files = hunter2                       | token_files = [removed]",
        "password: correct horse, battery            | password: [removed]",
        "secret: \"a b, c\", other: 1                | secret: [removed], other: 1",
        "secret: \"a\\\"b c\" # why                   | secret: [removed] # why",
        "secret: \"a\"b c                             | secret: [removed]",
        "secret: 'it''s me'                          | secret: [removed]",
        "secret: \"never ended                       | secret: [removed]",
        "{\\\"password\\\":\\\"hunter2\\\"}               | {\\\"password\\\":[removed]",
        "url: \"https://hooks.example.org/T0/B1\"     | url: \"[removed]\"",
        "url: https://hc.example.org/0b1c            | url: [removed]",
      })
  void aValueIsRemovedWhateverItIsLike(String text, String expected) {
    assertThat(redaction.apply("before\n" + text + "\nafter"))
        .isEqualTo("before\n" + expected + "\nafter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password-file: /run/credentials/understudyd.service/live-password",
        "second-factor: {kind: totp, secret-file: /run/credentials/a.service/live-totp}",
        "LoadCredentialEncrypted=live-password:/etc/understudy/credentials/live-password.cred",
        "auth_password_file: \"/run/credentials/a.service/smtp-password\"",
        "url: \"jdbc:postgresql://10.77.0.20:5432/trading\"",
      })
  void whereASecretLiesIsKept(String text) {
    assertThat(redaction.apply(text + "\nafter")).isEqualTo(text + "\nafter");
  }

  @Test
  void behindAPathTheNextKeyIsLookedAt() {
    assertThat(redaction.apply("{secret-file: /etc/understudy/a, password: hunter2}"))
        .isEqualTo("{secret-file: /etc/understudy/a, password: [removed]");
  }
}
