package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.machine.Machine;

/**
 * Compares one side of a host with its manifest. It asks the machine and nothing else, so that the
 * same answers give the same findings. What is as it should be is a finding, too.
 */
interface Check {
  /** What it is about, in a word or two. */
  String subject();

  ImmutableList<Finding> findings(HostManifest manifest, Machine machine);
}
