/** Things that come one by one, and that others wait for by name. */
export class Arrivals {
  readonly #expected = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(names: readonly string[]) {
    for (const name of names) this.#expected.add(name);
  }

  arrived(name: string): void {
    this.#expected.delete(name);
    this.#wakeAll();
  }

  /** Nothing more will come. */
  failed(error: unknown): void {
    this.#failure = { error };
    this.#wakeAll();
  }

  /** Waits for one; what was never expected counts as arrived. */
  async waitFor(name: string): Promise<void> {
    while (this.#expected.has(name)) {
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
