package dev.weft.cli.standalone;

import java.util.List;
import java.util.Map;

/** Where one workload lives: its addresses, and how its processes are started there. */
sealed interface WorkloadNetwork extends AutoCloseable permits LoopbackNetwork, NamespaceNetwork {
  /** The addresses of the pod, the primary first. */
  List<String> ips();

  /** Where the program's own listeners are reached, to see whether it is ready. */
  String programHost();

  /** The interface on the host through which all its traffic passes. */
  String link();

  /** The variables of the proxy which depend on the network. */
  Map<String, String> proxyEnvironment();

  /** The variables the program needs to use the mesh. */
  Map<String, String> programEnvironment();

  /** The command as the proxy must be started. */
  List<String> proxyCommand(List<String> command);

  /** The command as the program must be started. */
  List<String> programCommand(List<String> command);

  @Override
  void close();
}
