import { CliError } from "../../base/errors.ts";

/**
 * A forge's own client, which only those install who comment there.
 *
 * @throws CliError where it is not installed
 */
export async function clientOf<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CliError(`${name} is not installed`, `npm install --save-dev ${name}`, { cause: error });
  }
}
