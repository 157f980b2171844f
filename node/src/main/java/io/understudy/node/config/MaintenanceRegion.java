package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.login.MaintenanceWindow;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;

/** The maintenance windows that IBKR's system status page announced last, by region. */
enum MaintenanceRegion {
  NONE {
    @Override
    ImmutableList<MaintenanceWindow> windows() {
      return ImmutableList.of();
    }
  },
  NORTH_AMERICA {
    @Override
    ImmutableList<MaintenanceWindow> windows() {
      return ImmutableList.of(nightly("00:15", "01:45", "America/New_York"), weekend());
    }
  },
  EUROPE {
    @Override
    ImmutableList<MaintenanceWindow> windows() {
      return ImmutableList.of(nightly("06:25", "07:45", "Europe/Zurich"), weekend());
    }
  },
  ASIA_PACIFIC {
    @Override
    ImmutableList<MaintenanceWindow> windows() {
      return ImmutableList.of(
          nightly("04:45", "06:05", "Asia/Hong_Kong"),
          nightly("20:15", "21:15", "Asia/Hong_Kong"),
          weekend());
    }
  };

  abstract ImmutableList<MaintenanceWindow> windows();

  private static MaintenanceWindow nightly(String from, String to, String zone) {
    return new MaintenanceWindow(
        ImmutableSet.of(
            DayOfWeek.SUNDAY,
            DayOfWeek.MONDAY,
            DayOfWeek.TUESDAY,
            DayOfWeek.WEDNESDAY,
            DayOfWeek.THURSDAY,
            DayOfWeek.FRIDAY),
        LocalTime.parse(from),
        LocalTime.parse(to),
        ZoneId.of(zone));
  }

  private static MaintenanceWindow weekend() {
    return new MaintenanceWindow(
        ImmutableSet.of(DayOfWeek.FRIDAY),
        LocalTime.parse("23:00"),
        LocalTime.parse("03:00"),
        ZoneId.of("America/New_York"));
  }
}
