/** What something is refused with: the lines of its error below the subject, one for each mistake. */
export function mistakesOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
  return [];
}
