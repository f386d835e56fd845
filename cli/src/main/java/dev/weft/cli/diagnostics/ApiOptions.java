package dev.weft.cli.diagnostics;

import picocli.CommandLine.Option;

/** Options of commands which ask the control plane's gRPC API. */
final class ApiOptions {
  @Option(
      names = "--destination-pod",
      paramLabel = "POD",
      description = "Ask this pod of the control plane. Default: any that is ready.")
  private String pod = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Context token, as a proxy would send it.")
  private String token = "";

  /** Empty for any. */
  String pod() {
    return pod;
  }

  String token(String otherwise) {
    return token.isEmpty() ? otherwise : token;
  }
}
