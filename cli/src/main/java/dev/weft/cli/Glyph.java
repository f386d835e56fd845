package dev.weft.cli;

/** Marks of what is well and what is not, coloured for people at a terminal. */
public enum Glyph {
  OK("\u221a", "32"),
  WARNING("\u203c", "33"),
  FAILED("\u00d7", "31");

  private final String sign;
  private final String colour;

  Glyph(String sign, String colour) {
    this.sign = sign;
    this.colour = colour;
  }

  /** The sign, in bold colour if asked for. */
  public String shown(boolean coloured) {
    return coloured ? "\u001b[" + colour + ";1m" + sign + "\u001b[0m" : sign;
  }
}
