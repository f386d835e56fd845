package dev.weft.proxy.config;

/** Who is told which policy and clause denied a request, besides log and metrics. */
public enum DenialDetail {
  /** Nobody. */
  NEVER,
  /** Clients with a mesh identity, as the contract has it for all messages. */
  MESHED,
  /** Every client. */
  ALWAYS
}
