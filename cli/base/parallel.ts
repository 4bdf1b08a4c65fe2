/** Requests at a time: enough to be quick, and well below what an API server lets one client have. */
const PARALLEL = 8;

/** Does the same for each of many, some at a time; the results are in order. */
export async function inParallel<T, U>(
  items: readonly T[],
  work: (item: T) => Promise<U>,
  atATime = PARALLEL,
): Promise<U[]> {
  const results: U[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}
