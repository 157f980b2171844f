package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.Optional;

/**
 * What kind of cluster to start.
 *
 * @param nodes the machines of the two nodes; a node has its machine's name
 * @param sessionTimeout T
 * @param ensembleLeader the machine whose ZooKeeper server has to lead the ensemble at the
 *     beginning; when empty, chance decides, and the witness has the best one
 * @param reach which ZooKeeper servers a daemon knows
 * @param gateways how many gateways each node runs, each with a username of its own; the first is
 *     the one that the stories are about
 * @param daemonOptions further options of the JVM of a node's daemon, by node
 */
record LabSettings(
    ImmutableList<Host> nodes,
    Host witness,
    Host broker,
    SecondFactor secondFactor,
    Duration sessionTimeout,
    ZooKeeperEnsemble.Timing timing,
    Optional<String> ensembleLeader,
    Reach reach,
    Start start,
    int gateways,
    DrillMeans drillMeans,
    ImmutableMap<String, ImmutableList<String>> daemonOptions) {
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  /** So that nobody loses the lead because builds keep the machine busy. */
  private static final Duration PATIENT_SESSION_TIMEOUT = Duration.ofSeconds(20);

  /** How the brokerage login is confirmed; a login without a second factor takes no time. */
  enum SecondFactor {
    TOTP,
    NONE
  }

  /** Which ZooKeeper servers a daemon knows. */
  enum Reach {
    ALL_SERVERS,
    /** Only the one on its own machine. */
    LOCAL_SERVER
  }

  /** By what means the daemons can be harmed in a drill. */
  enum DrillMeans {
    /** Their own. */
    OWN,
    /** Also a socket each, behind which somebody cuts its tunnel; and one who starts it again. */
    ALL
  }

  /** How the nodes are started. */
  enum Start {
    AT_ONCE,
    /** The second only when the first one serves, so that the first one leads. */
    FIRST_LEADS
  }

  /** Everything on this machine, with the nodes {@code a} and {@code b}. */
  static LabSettings loopback(SecondFactor secondFactor) {
    return loopback(secondFactor, Start.AT_ONCE, 1, ImmutableList.of(), SESSION_TIMEOUT);
  }

  /** The same, of which node {@code a} leads at first. */
  static LabSettings firstLeads(SecondFactor secondFactor) {
    return loopback(secondFactor, Start.FIRST_LEADS, 1, ImmutableList.of(), SESSION_TIMEOUT);
  }

  /** The same for stories in which no time is measured that depends on T. */
  static LabSettings patient(SecondFactor secondFactor) {
    return loopback(
        secondFactor, Start.FIRST_LEADS, 1, ImmutableList.of(), PATIENT_SESSION_TIMEOUT);
  }

  /**
   * The same with so many gateways, all of which node {@code a} leads at first, and with the memory
   * that their daemons need.
   */
  static LabSettings loopback(int gateways) {
    return loopback(
        SecondFactor.TOTP,
        Start.FIRST_LEADS,
        gateways,
        ImmutableList.of("-Xmx" + (64 + 8 * gateways) + "m"),
        SESSION_TIMEOUT);
  }

  private static LabSettings loopback(
      SecondFactor secondFactor,
      Start start,
      int gateways,
      ImmutableList<String> daemonOptions,
      Duration sessionTimeout) {
    return new LabSettings(
        ImmutableList.of(Host.loopback("a"), Host.loopback("b")),
        Host.loopback("witness"),
        Host.loopback("broker"),
        secondFactor,
        sessionTimeout,
        ZooKeeperEnsemble.Timing.QUICK,
        Optional.empty(),
        Reach.ALL_SERVERS,
        start,
        gateways,
        DrillMeans.OWN,
        ImmutableMap.of("a", daemonOptions, "b", daemonOptions));
  }
}
