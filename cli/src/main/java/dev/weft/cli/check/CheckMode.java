package dev.weft.cli.check;

/** Which part of a mesh's life a run of checks is about. */
enum CheckMode {
  /** The control plane. */
  DEFAULT,
  /** Before anything is installed. */
  PRE,
  /** After the custom resource definitions are installed. */
  CRDS,
  /** The control plane and the proxies of workloads. */
  PROXY
}
