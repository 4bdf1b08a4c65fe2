/**
 * Exit codes of every verb. They are part of the interface: docs/cli.md lists them, and they do not change. The number for
 * "found something" is Pulumi's own, which `pulumi preview --expect-no-changes` and `pulumi refresh` use too.
 */
export const EXIT = {
  /** It did what it was asked to, and there is nothing to report. */
  fine: 0,
  /** It failed. */
  error: 1,
  /** The command line is wrong. */
  usage: 2,
  /** It worked, and found what it looks for: drift, a residue, a change that `--fail-on` names. */
  found: 7,
} as const;

/** For `--help`. */
export const EXIT_HELP = `
Exit codes:
  0  fine, nothing to report
  1  it failed
  2  the command line is wrong
  7  it found what it looks for: drift, residue, what --fail-on names`;
