package io.understudy.node.driver.totp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TotpSecretTest {
  /** The seed of RFC 6238, appendix B. */
  private static final String BASE32 =
      BaseEncoding.base32().encode("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  private static final TotpStep STEP = new TotpStep(37037036);

  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codesAreThoseOfTheStandard(long seconds, String code) throws Exception {
    TotpSecret secret = TotpSecret.parse(BASE32);

    assertThat(secret.codeAt(TotpStep.at(Instant.ofEpochSecond(seconds))).reveal()).isEqualTo(code);
  }

  @Test
  void base32MayBeWrittenAsPeopleCopyIt() throws Exception {
    String spaced = BASE32.toLowerCase(java.util.Locale.ROOT).replaceAll("(.{4})", "$1 ") + "\n";

    TotpSecret secret = TotpSecret.parse(spaced);

    assertThat(secret.form()).isEqualTo(TotpSecret.Form.BASE32);
    assertThat(secret.codeAt(STEP).reveal()).isEqualTo("081804");
  }

  @ParameterizedTest
  @CsvSource({
    "otpauth://totp/IBKR:jane?secret=%s&issuer=IBKR",
    "otpauth://totp/IBKR%%3Ajane?issuer=IBKR&secret=%s&algorithm=SHA1&digits=6&period=30",
    "OTPAUTH://TOTP/x?SECRET=%s&algorithm=HmacSHA1"
  })
  void uriIsAccepted(String form) throws Exception {
    TotpSecret secret = TotpSecret.parse(form.formatted(BASE32));

    assertThat(secret.form()).isEqualTo(TotpSecret.Form.OTPAUTH_URI);
    assertThat(secret.codeAt(STEP).reveal()).isEqualTo("081804");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "otpauth://hotp/x?secret=%s&counter=1 | not time based",
        "otpauth://totp/x?secret=%s&algorithm=SHA256 | does not use SHA-1",
        "otpauth://totp/x?secret=%s&digits=8 | does not make 6 digits",
        "otpauth://totp/x?secret=%s&period=60 | time steps of 30 s",
        "otpauth://totp/x?issuer=IBKR | without a secret",
        "otpauth-migration://offline?data=%s | Google Authenticator",
        "%s8 | not base32",
        "ABCDEFGH | too short",
        "'' | is empty",
        "{\"services\": | not valid JSON",
        "{\"schemaVersion\":4} | without any 2FAS entry",
        "{\"services\":[],\"servicesEncrypted\":\"abc\"} | without a password",
        "{\"services\":[{\"name\":\"IBKR\",\"secret\":\"%s\",\"otp\":{\"digits\":8}}]} | 6 digits",
        "{\"services\":[{\"name\":\"IBKR\"}]} | is empty",
      })
  void unusableSecretIsRefusedInOneSentenceThatDoesNotShowIt(String form, String expected) {
    String text = form.replace("%s", BASE32);

    assertThatThrownBy(() -> TotpSecret.parse(text))
        .isInstanceOf(DriverException.class)
        .hasNoCause()
        .hasMessageContaining(expected)
        .hasMessageNotContaining(BASE32);
  }

  @Test
  void exportWithSeveralEntriesUsesTheOneOfIbkr() throws Exception {
    String export =
        """
        {"services": [
          {"name": "Mail", "secret": "JBSWY3DPEHPK3PXP", "otp": {"issuer": "Mail"}},
          {"name": "jane", "secret": "%s", "otp": {"issuer": "Interactive Brokers",
           "digits": 6, "period": 30, "algorithm": null, "tokenType": "TOTP"}}]}
        """
            .formatted(BASE32);

    TotpSecret secret = TotpSecret.parse(export);

    assertThat(secret.form()).isEqualTo(TotpSecret.Form.TWO_FAS_EXPORT);
    assertThat(secret.codeAt(STEP).reveal()).isEqualTo("081804");
  }

  @Test
  void exportWithOneEntryUsesItWhateverItsName() throws Exception {
    String export = "[{\"name\": \"broker\", \"secret\": \"%s\"}]".formatted(BASE32);

    assertThat(TotpSecret.parse(export).codeAt(STEP).reveal()).isEqualTo("081804");
  }

  @Test
  void exportThatLeavesAChoiceNamesTheEntriesAndNoSecret() {
    String export =
        """
        {"services": [{"name": "IBKR live", "secret": "%1$s"},
                      {"name": "IBKR paper", "secret": "%1$s"},
                      {"name": "Mail", "secret": "%1$s"}]}
        """
            .formatted(BASE32);

    assertThatThrownBy(() -> TotpSecret.parse(export))
        .hasMessageContaining("'IBKR live', 'IBKR paper'")
        .hasMessageNotContaining("Mail")
        .hasMessageNotContaining(BASE32);
  }

  @Test
  void secretIsReadAgainForEachCode() throws Exception {
    String other = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    String[] file = {other};
    TotpCodeSource source = new TotpCodeSource(() -> Secret.of(file[0]));
    String before = source.codeAt(STEP).reveal();

    file[0] = BASE32;

    assertThat(source.codeAt(STEP).reveal()).isEqualTo("081804").isNotEqualTo(before);
  }

  @Test
  void verifySaysUsableWithoutSecretOrCode() {
    Instant now = Instant.ofEpochSecond(1111111109);

    TotpVerify.Result result = TotpVerify.verify(() -> Secret.of(BASE32), now);

    assertThat(result.usable()).isTrue();
    assertThat(result.sentence())
        .startsWith("Usable: bare base32")
        .doesNotContain(BASE32)
        .doesNotContain("081804");
  }

  @Test
  void verifySaysWhatIsWrong() {
    TotpVerify.Result result = TotpVerify.verify(() -> Secret.of("0000"), Instant.EPOCH);

    assertThat(result.usable()).isFalse();
    assertThat(result.sentence())
        .isEqualTo(
            "Unusable: The TOTP secret is not base32 (only A to Z and 2 to 7); copy the secret key again");
  }
}
