package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.util.regex.Pattern;

/** Whether the rules are loaded and refuse what they do not name, by nftables or by ufw. */
final class FirewallCheck implements Check {
  static final ImmutableList<String> COMMAND =
      ImmutableList.of("nft", "list", "table", "inet", "understudy");
  static final ImmutableList<String> UFW = ImmutableList.of("ufw", "status", "verbose");
  private static final Pattern INPUT_DROPS =
      Pattern.compile("hook input [^;]*;\\s*policy drop;", Pattern.CASE_INSENSITIVE);
  private static final String LOAD =
      "sudo systemctl reload understudy-firewall || sudo systemctl start understudy-firewall";
  private static final String UFW_RULES = "sudo /etc/understudy/firewall-ufw.sh";
  private static final String OURS = "# understudy";

  @Override
  public String subject() {
    return "firewall";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    return ImmutableList.of(
        switch (machine.output(COMMAND)) {
          case Answer.Known<String>(String rules) -> judge(rules);
          case Answer.Unknown<String> unknown -> withoutTable(unknown, manifest, machine);
        });
  }

  private static Finding judge(String rules) {
    return INPUT_DROPS.matcher(rules).find()
        ? Finding.healthy("firewall", "The table inet understudy is loaded and drops by default.")
        : new Finding(
            Symptom.FIREWALL_OPEN,
            "firewall",
            "The table inet understudy is loaded and does not drop by default what comes in.",
            LOAD);
  }

  private static Finding withoutTable(
      Answer.Unknown<String> unknown, HostManifest manifest, Machine machine) {
    if (machine.output(UFW) instanceof Answer.Known<String>(String status)
        && status.contains("Status: active")) {
      return judgeUfw(status, manifest);
    }
    if (unknown.cause() == Answer.Cause.FAILED && unknown.sentence().contains("No such file")) {
      return new Finding(
          Symptom.FIREWALL_MISSING,
          "firewall",
          "The table inet understudy is not loaded: ports that programs bind to all addresses are"
              + " open, IBKR's gateway among them, which asks nobody for a password.",
          LOAD);
    }
    return Unanswered.command("firewall", unknown, "nftables", "nft list table inet understudy");
  }

  private static Finding judgeUfw(String status, HostManifest manifest) {
    if (!status.contains("deny (incoming)") && !status.contains("reject (incoming)")) {
      return new Finding(
          Symptom.FIREWALL_OPEN,
          "firewall",
          "ufw is active and does not deny by default what comes in.",
          UFW_RULES);
    }
    return hasRules(status, manifest)
        ? Finding.healthy(
            "firewall", "ufw is active with the bundle's rules and denies by default.")
        : new Finding(
            Symptom.FIREWALL_MISSING,
            "firewall",
            "ufw is active and lacks rules of the bundle, those whose comment is understudy: it may"
                + " keep out other hosts of the cluster.",
            UFW_RULES);
  }

  /** Rules of the bundle are there, and with them the doors of WireGuard. */
  private static boolean hasRules(String status, HostManifest manifest) {
    ImmutableList<String> ours =
        status
            .lines()
            .filter(line -> line.stripTrailing().endsWith(OURS))
            .collect(ImmutableList.toImmutableList());
    return !ours.isEmpty()
        && manifest.tunnels().stream()
            .filter(tunnel -> tunnel.listenPort() != 0)
            .allMatch(tunnel ->
                ours.stream().anyMatch(rule -> rule.startsWith(tunnel.listenPort() + "/udp ")));
  }
}
