/**
 * Something outside this program went wrong: a command failed, a disk is full, a port is taken.
 * The dispatcher prints the message, then the advice, and never a stack trace.
 */
export class LabError extends Error {
  /** What the user can do about it: a full sentence, or several lines. */
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LabError";
    this.advice = advice;
  }
}

/** The user pressed Ctrl-C or the process was told to end. */
export class Interrupted extends LabError {
  constructor() {
    super("interrupted", "Run the same command again to go on from here.");
    this.name = "Interrupted";
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
