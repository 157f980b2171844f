package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import java.util.Base64;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WireGuardKeysTest {
  @ParameterizedTest
  @CsvSource({
    // RFC 7748, section 6.1
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a,"
        + " 8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb,"
        + " de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
  })
  void aPublicKeyIsThatOfTheStandard(String scalar, String expected) {
    assertThat(WireGuardKeys.hostKey(base64(scalar)).publicKey()).isEqualTo(base64(expected));
  }

  @RepeatedTest(5)
  void wgDerivesTheSamePublicKey() throws Exception {
    Tools.need("wg", "wireguard-tools");
    TunnelKeys.HostKey key = WireGuardKeys.newHostKey();
    assertThat(Tools.run(key.privateKey() + "\n", "wg", "pubkey")).isEqualTo(key.publicKey());
  }

  @RepeatedTest(5)
  void aKeyOfWgIsUnderstood() throws Exception {
    Tools.need("wg", "wireguard-tools");
    String privateKey = Tools.run("", "wg", "genkey");
    assertThat(WireGuardKeys.hostKey(privateKey).publicKey())
        .isEqualTo(Tools.run(privateKey + "\n", "wg", "pubkey"));
  }

  @RepeatedTest(20)
  void aNewKeyIsClampedAsWgDoesIt() {
    byte[] scalar = Base64.getDecoder().decode(WireGuardKeys.newHostKey().privateKey());
    assertThat(scalar).hasSize(32);
    assertThat(scalar[0] & 7).isZero();
    assertThat(scalar[31] & 0xc0).isEqualTo(0x40);
  }

  @Test
  void preSharedKeysAre32BytesAndDiffer() {
    String key = WireGuardKeys.newPreSharedKey();
    assertThat(Base64.getDecoder().decode(key)).hasSize(32);
    assertThat(WireGuardKeys.newPreSharedKey()).isNotEqualTo(key);
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> WireGuardKeys.hostKey("secret!")).hasMessage("no base64");
    assertThatThrownBy(() -> WireGuardKeys.checked("c2VjcmV0"))
        .hasMessage("6 bytes (expected: 32)");
  }

  @Test
  void aHostsKeyDoesNotShowItsSecret() {
    TunnelKeys.HostKey key = WireGuardKeys.newHostKey();
    assertThat(key.toString()).contains(key.publicKey()).doesNotContain(key.privateKey());
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(BaseEncoding.base16().lowerCase().decode(hex));
  }
}
