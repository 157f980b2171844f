package io.understudy.simulator.broker;

/** Who has the one brokerage session of a username. */
sealed interface Holder permits Holder.Gateway, Holder.Human {
  record Gateway(SsoSession session) implements Holder {
    @Override
    public String label() {
      return session.source();
    }
  }

  /** A person on TWS or on a telephone. */
  record Human(String kind) implements Holder {
    @Override
    public String label() {
      return "human:" + kind;
    }
  }

  String label();
}
