package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.PageElement;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Browser;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Mode;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Program;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.spi.SecretSource;

/** Settings that differ in one thing from others. */
record SettingsChange(ClientPortalSettings settings) {
  SettingsChange program(Program value) {
    return of(
        value,
        settings.port(),
        settings.mode(),
        settings.secondFactor(),
        settings.password(),
        settings.browser(),
        settings.timings());
  }

  SettingsChange port(int value) {
    return of(
        settings.program(),
        value,
        settings.mode(),
        settings.secondFactor(),
        settings.password(),
        settings.browser(),
        settings.timings());
  }

  SettingsChange mode(Mode value) {
    return of(
        settings.program(),
        settings.port(),
        value,
        settings.secondFactor(),
        settings.password(),
        settings.browser(),
        settings.timings());
  }

  SettingsChange secondFactor(SecondFactorKind value) {
    return of(
        settings.program(),
        settings.port(),
        settings.mode(),
        value,
        settings.password(),
        settings.browser(),
        settings.timings());
  }

  SettingsChange password(SecretSource value) {
    return of(
        settings.program(),
        settings.port(),
        settings.mode(),
        settings.secondFactor(),
        value,
        settings.browser(),
        settings.timings());
  }

  SettingsChange browser(Browser value) {
    return of(
        settings.program(),
        settings.port(),
        settings.mode(),
        settings.secondFactor(),
        settings.password(),
        value,
        settings.timings());
  }

  SettingsChange timings(Timings value) {
    return of(
        settings.program(),
        settings.port(),
        settings.mode(),
        settings.secondFactor(),
        settings.password(),
        settings.browser(),
        value);
  }

  private SettingsChange of(
      Program program,
      int port,
      Mode mode,
      SecondFactorKind secondFactor,
      SecretSource password,
      Browser browser,
      Timings timings) {
    ImmutableMap<PageElement, ImmutableList<String>> selectors = settings.selectors();
    return new SettingsChange(
        new ClientPortalSettings(
            settings.gateway(),
            settings.stateDirectory(),
            program,
            port,
            settings.upstream(),
            mode,
            secondFactor,
            settings.username(),
            password,
            browser,
            selectors,
            timings));
  }
}
