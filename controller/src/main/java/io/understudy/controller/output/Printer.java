package io.understudy.controller.output;

import com.google.protobuf.Struct;
import io.understudy.v1.Cluster;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.util.List;

/** Shows what a verb found out, on standard output. One implementation for each kind of reader. */
public interface Printer {
  void status(Cluster cluster);

  /** In the order given. */
  void history(List<HistoryEntry> entries);

  /** One line of a stream. */
  void event(HistoryEntry entry);

  /** The end of an operation. */
  void result(String gateway, Result result);

  /** An operation that was accepted and goes on by itself. */
  void accepted(Progress last);

  /** Whether a drill may begin, and what it would do. */
  void preflight(String gateway, DrillPlan plan, PreflightResponse response);

  /** In the order given. */
  void drills(List<Drill> drills);

  /** How a drill ended, or how it stands. */
  void drill(Drill drill);

  /** A short text for people, and the same as data for programs. */
  void fact(String text, Struct data);
}
