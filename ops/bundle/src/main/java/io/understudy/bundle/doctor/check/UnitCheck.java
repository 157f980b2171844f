package io.understudy.bundle.doctor.check;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.UnitFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the units are active now and will be after a boot. */
final class UnitCheck implements Check {
  static final ImmutableList<String> VERSION = ImmutableList.of("systemctl", "--version");

  /** Debian 12's, the oldest one that the units were tried with. */
  private static final int VERSION_MIN = 252;

  private static final String DAEMON = "understudyd.service";
  private static final ImmutableSet<String> STARTED_AT_BOOT =
      ImmutableSet.of("enabled", "enabled-runtime", "static", "generated", "alias", "indirect");

  @Override
  public String subject() {
    return "units";
  }

  static ImmutableList<String> command(HostManifest manifest) {
    return ImmutableList.<String>builder()
        .add(
            "systemctl",
            "show",
            "--property=Id,LoadState,ActiveState,SubState,UnitFileState,NeedDaemonReload,LimitCORE")
        .addAll(manifest.units())
        .build();
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    switch (machine.output(command(manifest))) {
      case Answer.Known<String>(String output) -> {
        ImmutableMap<String, UnitFacts> units = UnitFacts.parse(output);
        for (String unit : manifest.units()) {
          findings.addAll(judge(unit, Optional.ofNullable(units.get(unit))));
        }
        version(machine).ifPresent(findings::add);
      }
      case Answer.Unknown<String> unknown ->
          findings.add(Unanswered.command("units", unknown, "systemd", "systemctl status"));
    }
    return findings.build();
  }

  private static List<Finding> judge(String unit, Optional<UnitFacts> found) {
    if (found.isEmpty() || !found.get().property("LoadState").equals("loaded")) {
      return List.of(
          new Finding(
              Symptom.UNIT_MISSING,
              unit,
              "systemd does not know the unit, or cannot read it: "
                  + found.map(facts -> facts.property("LoadState")).orElse("nothing was said")
                  + ".",
              "run the bundle's install.sh; systemctl status " + unit));
    }
    UnitFacts facts = found.get();
    List<Finding> findings = new ArrayList<>();
    String active = facts.property("ActiveState");
    if (!active.equals("active") && !active.equals("reloading")) {
      findings.add(
          new Finding(
              Symptom.UNIT_NOT_ACTIVE,
              unit,
              "The unit is " + active + " (" + facts.property("SubState") + ").",
              "sudo systemctl start " + unit + "; sudo journalctl -u " + unit + " -n 50"));
    }
    if (!STARTED_AT_BOOT.contains(facts.property("UnitFileState"))) {
      findings.add(
          new Finding(
              Symptom.UNIT_NOT_ENABLED,
              unit,
              "The unit is not started after a boot: it is "
                  + facts.property("UnitFileState")
                  + ".",
              "sudo systemctl enable " + unit));
    }
    if (facts.property("NeedDaemonReload").equals("yes")) {
      findings.add(
          new Finding(
              Symptom.UNIT_STALE,
              unit,
              "Its file has changed since systemd read it.",
              "sudo systemctl daemon-reload && " + renewal(unit)));
    }
    // A core of the daemon would hold passwords.
    if (unit.equals(DAEMON) && !facts.property("LimitCORE").equals("0")) {
      findings.add(
          new Finding(
              Symptom.CORE_DUMPS_ON,
              unit,
              "A crash may write the daemon's memory, with its secrets, to the disk.",
              "LimitCORE=0 in the unit: run the bundle's install.sh"));
    }
    return findings.isEmpty()
        ? List.of(Finding.healthy(unit, "It is active and starts after a boot."))
        : findings;
  }

  /** How a unit takes up its new file, with what that costs. */
  private static String renewal(String unit) {
    String restart = "sudo systemctl restart " + unit;
    return switch (unit) {
      case DAEMON ->
          restart
              + " (on the leader this costs a login: restart the standby's first, then hand over with"
              + " understudy failover, then restart here)";
      case "understudy-zookeeper.service" ->
          restart + " (on one host after the other, each when all others serve)";
      case "understudy-firewall.service" ->
          "sudo systemctl reload " + unit + " (a restart would stop the daemon and ZooKeeper)";
      default -> restart;
    };
  }

  private static Optional<Finding> version(Machine machine) {
    if (!(machine.output(VERSION) instanceof Answer.Known<String>(String output))) {
      return Optional.empty();
    }
    List<String> words = Splitter.on(' ').limit(3).splitToList(output);
    Integer version = words.size() < 2 ? null : Ints.tryParse(words.get(1).strip());
    if (version == null) {
      return Optional.empty();
    }
    return Optional.of(
        version >= VERSION_MIN
            ? Finding.healthy("systemd", "It is version " + version + ".")
            : new Finding(
                Symptom.SYSTEMD_OLD,
                "systemd",
                "It is version %d, which ignores in silence what it does not know; the units need %d."
                    .formatted(version, VERSION_MIN),
                "upgrade to Debian 12 or newer"));
  }
}
