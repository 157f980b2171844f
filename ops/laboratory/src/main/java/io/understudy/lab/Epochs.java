package io.understudy.lab;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.time.Instant;

/**
 * What must be the same before and after a change that is to cost nothing: the same processes lead
 * under the same epoch, in a phase that began before, and nobody logged in.
 *
 * @param daemons the pid of each daemon and how often systemd has started it, by node
 */
record Epochs(
    String leader, long epoch, Instant since, int logins, ImmutableMap<String, String> daemons) {
  static Epochs of(HostsScene scene) {
    ClusterView view = scene.settled();
    String leader = view.leader().orElseThrow();
    return new Epochs(
        leader,
        view.epoch(),
        view.cell(leader).orElseThrow().since(),
        scene.logins(),
        Maps.toMap(
            scene.world().nodes().stream().map(DebianHost::id).toList(),
            id -> daemon(scene.world().byId(id))));
  }

  void expectUnchanged(HostsScene scene) {
    Epochs now = of(scene);
    if (!now.equals(this)) {
      throw new LabException("It was " + this + " before and is " + now + " now");
    }
    scene.judge();
  }

  private static String daemon(DebianHost node) {
    return node.shell("systemctl show -P MainPID -P NRestarts understudyd.service | tr '\\n' ' '");
  }
}
