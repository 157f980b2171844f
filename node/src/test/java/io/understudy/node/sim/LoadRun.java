package io.understudy.node.sim;

final class LoadRun {
  LoadRun(int cells, long seed) {}

  String run() {
    return "";
  }
}
