package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.config.PageElement;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Program;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.spi.SecretSource;
import java.time.Duration;

/** Settings under change: each call changes one thing. */
final class SettingsChange {
  private final ClientPortalSettings original;
  private Program program;
  private int port;
  private Mode mode;
  private SecondFactorKind secondFactor;
  private Duration clockSkewMax;
  private SecretSource password;
  private Browser browser;
  private ImmutableMap<PageElement, ImmutableList<String>> selectors;
  private Timings timings;

  SettingsChange(ClientPortalSettings original) {
    this.original = original;
    this.program = original.program();
    this.port = original.port();
    this.mode = original.mode();
    this.secondFactor = original.secondFactor();
    this.clockSkewMax = original.clockSkewMax();
    this.password = original.password();
    this.browser = original.browser();
    this.selectors = original.selectors();
    this.timings = original.timings();
  }

  ClientPortalSettings settings() {
    return new ClientPortalSettings(
        original.gateway(),
        original.stateDirectory(),
        program,
        port,
        original.upstream(),
        mode,
        secondFactor,
        clockSkewMax,
        original.username(),
        password,
        browser,
        selectors,
        timings);
  }

  SettingsChange program(Program value) {
    program = value;
    return this;
  }

  SettingsChange port(int value) {
    port = value;
    return this;
  }

  SettingsChange mode(Mode value) {
    mode = value;
    return this;
  }

  SettingsChange secondFactor(SecondFactorKind value) {
    secondFactor = value;
    return this;
  }

  SettingsChange clockSkewMax(Duration value) {
    clockSkewMax = value;
    return this;
  }

  SettingsChange password(SecretSource value) {
    password = value;
    return this;
  }

  SettingsChange browser(Browser value) {
    browser = value;
    return this;
  }

  SettingsChange selectors(ImmutableMap<PageElement, ImmutableList<String>> value) {
    selectors = value;
    return this;
  }

  SettingsChange timings(Timings value) {
    timings = value;
    return this;
  }
}
