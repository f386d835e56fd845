package dev.weft.cli.demo;

/** Sends one request through a workload's outbound proxy and waits for what becomes of it. */
@FunctionalInterface
interface Caller {
  Outcome call() throws InterruptedException;
}
