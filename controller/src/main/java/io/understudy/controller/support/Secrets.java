package io.understudy.controller.support;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.BaseEncoding;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The secrets of a host, as far as they could be read: what must not stand in an archive. */
public final class Secrets {
  /** One or two characters would be found everywhere; no secret is so short. */
  private static final int LENGTH_MIN = 3;

  private static final int KEY_LINE_MIN = 16;
  private static final int TUNNEL_KEY_BYTES = 32;
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END [A-Z ]*PRIVATE KEY-----",
          Pattern.DOTALL);
  private static final Pattern TUNNEL_KEY =
      Pattern.compile("(?im)^\\s*(?:PrivateKey|PresharedKey)\\s*=\\s*(\\S+)");
  private static final Pattern PASSWORD_LINE = Pattern.compile("(?m)^[\\w.-]*password=(\\S+)");

  private static final Pattern ADDRESS =
      Pattern.compile("(?m)^[ \\t-]*url[ \\t]*:[ \\t]*[\"']?(https?://[^\\s\"']+)");

  private final Set<String> forms = new LinkedHashSet<>();

  /** All that has to be looked for. */
  ImmutableSet<String> forms() {
    return ImmutableSet.copyOf(forms);
  }

  /** A file that holds nothing but one secret, on one line or several. */
  public void addWhole(String text) {
    addValue(text.strip());
    text.lines().map(String::strip).forEach(this::addValue);
    addWithin(text);
  }

  /** A file with secrets in it: private keys, keys of tunnels, lines with a password. */
  public void addWithin(String text) {
    Matcher keys = PRIVATE_KEY.matcher(text);
    while (keys.find()) {
      addKey(keys.group(1));
    }
    Matcher tunnels = TUNNEL_KEY.matcher(text);
    while (tunnels.find()) {
      addValue(tunnels.group(1));
    }
    Matcher passwords = PASSWORD_LINE.matcher(text);
    while (passwords.find()) {
      addValue(passwords.group(1));
    }
  }

  /** A configuration of Alertmanager: whoever knows the address of a webhook may post to it. */
  public void addAddresses(String text) {
    Matcher addresses = ADDRESS.matcher(text);
    while (addresses.find()) {
      addValue(addresses.group(1));
    }
  }

  private void addKey(String body) {
    String whole = body.replaceAll("\\s", "");
    addValue(whole);
    // Each line by itself, for what shows only a part of the file.
    body.lines()
        .map(String::strip)
        .filter(line -> line.length() >= KEY_LINE_MIN)
        .forEach(this::addValue);
    try {
      forms.addAll(SecretForms.of(Base64.getDecoder().decode(whole)));
    } catch (IllegalArgumentException _) {
      // No key, so there are no bytes of one.
    }
  }

  private void addValue(String secret) {
    if (secret.length() < LENGTH_MIN) {
      return;
    }
    forms.addAll(SecretForms.of(secret));
    forms.add(secret.toLowerCase(Locale.ROOT));
    forms.add(secret.toUpperCase(Locale.ROOT));
    addBytesOf(secret);
  }

  /**
   * The key itself where the secret is the base64 of a tunnel's or the base32 of one-time codes'.
   */
  private void addBytesOf(String secret) {
    try {
      byte[] key = Base64.getDecoder().decode(secret);
      if (key.length == TUNNEL_KEY_BYTES) {
        forms.addAll(SecretForms.of(key));
      }
    } catch (IllegalArgumentException _) {
      // Not base64.
    }
    String base32 = secret.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    try {
      byte[] key = BaseEncoding.base32().omitPadding().decode(base32.replace("=", ""));
      if (key.length >= LENGTH_MIN * 2) {
        forms.addAll(SecretForms.of(key));
      }
    } catch (IllegalArgumentException _) {
      // Not base32.
    }
    if (base32.length() >= LENGTH_MIN) {
      forms.add(base32);
    }
  }

  @Override
  public String toString() {
    return "Secrets[" + forms.size() + " forms]";
  }
}
