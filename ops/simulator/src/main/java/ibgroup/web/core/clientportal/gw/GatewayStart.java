package ibgroup.web.core.clientportal.gw;

import io.understudy.simulator.gateway.GatewayProgram;

/** Starts the stand-in of the Client Portal Gateway: {@code --conf ../root/conf.yaml}. */
public final class GatewayStart {
  private GatewayStart() {}

  public static void main(String[] arguments) throws Exception {
    GatewayProgram.run(arguments);
  }
}
