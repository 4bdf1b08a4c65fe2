/** What is wrong, as somebody who is asked for help would say it. */
export interface Diagnosis {
  /** `error`: something does not work. `warning`: it will not for long, or not everywhere. */
  readonly severity: "error" | "warning";
  /** The check that found it: `pods`. */
  readonly check: string;
  /** Whom it is about: `Pod api/web-1`. */
  readonly about: string;
  /** What is wrong, in one line. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** More of it: the last lines of a log. */
  readonly lines?: readonly string[];
}
