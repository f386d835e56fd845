package dev.weft.helm;

/** The charts Weft ships, in the order in which they are installed. */
public enum Chart {
  /** The custom resource definitions. */
  CRDS("weft-crds"),
  /** The control plane. */
  CONTROL_PLANE("weft");

  private final String chartName;

  Chart(String chartName) {
    this.chartName = chartName;
  }

  /** The name in {@code Chart.yaml}, also that of the folder and the usual release. */
  public String chartName() {
    return chartName;
  }
}
