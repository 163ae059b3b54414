package dev.floe.platform.release;

/** What a release does while another of its platform is under way. */
public enum IfBusy {
  /** It takes its place: the other gives way at its next step. */
  REPLACE,
  /** It begins when the other has ended, however it ended. */
  WAIT,
  /** It is not accepted. */
  REFUSE
}
