package dev.weft.cli.check;

/** Is told what checks find, as they find it. */
interface CheckReport {
  /** A check failed and will be repeated. */
  void waiting(Check check, String reason);

  /** A check is done. */
  void found(Category category, Check check, Result result);

  /** All are done. */
  void end(boolean good);
}
