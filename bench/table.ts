/** Prints rows as columns, padded on the left; the first row is the heading. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const [heading = []] = rows;
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    process.stdout.write(`${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("   ")}\n`);
}

/** Seconds that an action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return (performance.now() - start) / 1000;
}

/** Seconds with one decimal: `7.8 s`. */
export const seconds = (value: number): string => `${value.toFixed(1)} s`;
