package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScenarioTest {
  private static final String HEADER =
      """
      Purpose: A cable is pulled.
      Fault: That.
      Expect: The other node serves.
      Logins: 2
      """;

  @Test
  void everyScenarioIsWrittenInWordsThatTheLabKnows() {
    assertThat(Scenario.all())
        .isNotEmpty()
        .allSatisfy(
            scenario -> assertThat(scenario.steps()).isNotEmpty().allMatch(ScenarioSteps::knows));
  }

  @Test
  void someScenariosAreSafeForContinuousIntegration() {
    assertThat(Scenario.all()).anyMatch(Scenario::safe);
  }

  @Test
  void aScenarioIsAHeaderAnEmptyLineAndSteps() {
    Scenario scenario =
        Scenario.parse(
            "example", HEADER + "Session-timeout: 6 s\n\nunplug primary\nheal the network\n");

    assertThat(scenario.purpose()).isEqualTo("A cable is pulled.");
    assertThat(scenario.loginsMax()).isEqualTo(2);
    assertThat(scenario.displacedMax()).isZero();
    assertThat(scenario.sessionTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(scenario.ensembleLeader()).isEqualTo("witness");
    assertThat(scenario.steps()).containsExactly("unplug primary", "heal the network");
  }

  @Test
  void aMisspeltKeyIsAnErrorThatNamesTheKnownOnes() {
    assertThatThrownBy(() -> Scenario.parse("example", HEADER + "Login: 3\n\nunplug primary\n"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("\"Login: 3\"")
        .hasMessageContaining("Logins");
  }

  @Test
  void aScenarioWithoutItsPurposeIsRefused() {
    assertThatThrownBy(() -> Scenario.parse("example", "Logins: 2\n\nunplug primary\n"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("Purpose");
  }
}
