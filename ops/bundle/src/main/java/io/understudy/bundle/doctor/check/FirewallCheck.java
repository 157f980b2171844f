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
  private static final String LOAD = "sudo systemctl restart understudy-firewall";

  @Override
  public String subject() {
    return "firewall";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    return ImmutableList.of(
        switch (machine.output(COMMAND)) {
          case Answer.Known<String>(String rules) -> judge(rules);
          case Answer.Unknown<String> unknown -> withoutTable(unknown, machine);
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

  private static Finding withoutTable(Answer.Unknown<String> unknown, Machine machine) {
    if (machine.output(UFW) instanceof Answer.Known<String>(String status)
        && status.contains("Status: active")) {
      return status.contains("deny (incoming)") || status.contains("reject (incoming)")
          ? Finding.healthy("firewall", "ufw is active and denies by default.")
          : new Finding(
              Symptom.FIREWALL_OPEN,
              "firewall",
              "ufw is active and does not deny by default what comes in.",
              "sudo sh /etc/understudy/firewall-ufw.sh");
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
}
