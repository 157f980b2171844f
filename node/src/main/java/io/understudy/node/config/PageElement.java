package io.understudy.node.config;

import com.google.common.collect.ImmutableList;

/**
 * What the login has to find on IBKR's page, with the CSS selectors that are known to find it,
 * newest page first. The page keeps all its blocks in the document and shows one: only visible
 * elements count.
 */
public enum PageElement {
  USERNAME("#xyz-field-username", "input[name='username']", "input[name='user_name']"),
  PASSWORD("#xyz-field-password", "input[name='password']"),
  /** Of the first page, where user name and password stand on two. */
  USERNAME_SUBMIT(".xyzblock-username-submit button"),
  SUBMIT(
      "form.xyzform-username button[type='submit']",
      "form.xyzform-submit button",
      ".btn.btn-lg.xyz-button-login",
      ".xyz-button-login"),
  ERROR(
      "div.xyzblock-error .xyz-errormessage",
      ".xyz-errormessage",
      "[role='alert']",
      ".is-invalid ~ .invalid-feedback",
      ".alert.alert-danger.margin-top-10"),
  /** Whose text says that the login succeeded. */
  SUCCESS("pre", "body"),
  /** Clicked to change between live and paper. */
  PAPER_LABEL("label[for='toggle1']"),
  /** Says which of the two is chosen; hidden. */
  PAPER_CHECKBOX("#toggle1", "input[name='paperSwitch']"),
  /** Of the Mobile Authenticator App or SMS alone: other blocks have fields that look alike. */
  CODE(
      "#xyz-field-silver-response",
      "input[name='silver-response']",
      "input[placeholder='Mobile Authenticator App Code']"),
  CODE_SUBMIT(
      "form.xyzform-silver button[type='submit']", "div.xyzblock-silver button[type='submit']"),
  DEVICE_CHOOSER("div.xyzblock-multiplesf select.xyz-multipleselect", "select.xyz-multipleselect"),
  NOTIFICATION("div.xyzblock-notification", ".login-step-notification"),
  /** Second factors that cannot be automated. */
  UNSUPPORTED_FACTOR(
      "div.xyzblock-bronze",
      "div.xyzblock-gold",
      "div.xyzblock-temp",
      "div.xyzblock-fido",
      "div.xyzblock-qrcode",
      "div.xyzblock-otpselector"),
  PROMOTION_SKIP(".ibkey-promo-skip"),
  COOKIE_REFUSE(
      "#gdpr-reject-all-banner",
      "#gdpr-reject-all",
      "#btn_accept_cookies-banner",
      "#btn_accept_cookies");

  private final ImmutableList<String> selectors;

  PageElement(String... selectors) {
    this.selectors = ImmutableList.copyOf(selectors);
  }

  /** The selectors that are tried unless the configuration names others. */
  public ImmutableList<String> selectors() {
    return selectors;
  }
}
