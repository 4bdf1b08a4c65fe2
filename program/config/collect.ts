import { Problems, UserError } from "../../components/base/errors.ts";

/** Takes over the problems of a check that throws them. */
export function collect(key: string, problems: Problems, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.addAll(key, error.problems);
  }
}
