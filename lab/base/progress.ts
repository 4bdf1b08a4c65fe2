/** Where work reports to. Handed to everything in the lab that takes longer than a moment. */
export interface Log {
  /** One line for the user. */
  info(text: string): void;
  /** Announces that this many more tasks are to come, so that "n of m" is right from the first. */
  expect(tasks: number): void;
  /**
   * Runs one task that was expected; several may run at once. Shows its number, title, and time, and while it runs what it
   * last noted.
   */
  task<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
}

interface Running {
  readonly label: string;
  readonly since: number;
  note: string;
}

export interface ProgressOptions {
  /** Where lines go. @default process.stderr, so that standard output stays clean for `eval` */
  readonly out?: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };
  /** How often a plain log says what still runs, in milliseconds. @default 30000 */
  readonly period?: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * Progress on a terminal: finished tasks as lines, running ones in a status line below them. In a plain log: a line when a
 * task starts, one when it ends, and one from time to time while it runs.
 */
export class Progress implements Log {
  readonly #out: NonNullable<ProgressOptions["out"]>;
  readonly #tty: boolean;
  readonly #period: number;
  readonly #now: () => number;
  readonly #running = new Set<Running>();
  #total = 0;
  #started = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgressOptions = {}) {
    this.#out = options.out ?? process.stderr;
    this.#tty = this.#out.isTTY === true;
    this.#period = options.period ?? 30_000;
    this.#now = options.now ?? Date.now;
  }

  info(text: string): void {
    this.#line(text);
  }

  expect(tasks: number): void {
    this.#total += tasks;
  }

  async task<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    this.#started += 1;
    this.#total = Math.max(this.#total, this.#started);
    const width = String(this.#total).length;
    const label = `[${String(this.#started).padStart(width)}/${this.#total}] ${title}`;
    const running: Running = { label, since: this.#now(), note: "" };
    this.#running.add(running);
    if (!this.#tty) this.#line(`${label} …`);
    this.#tick();
    try {
      const result = await work((text) => {
        running.note = text;
      });
      this.#end(running, elapsed(this.#now() - running.since));
      return result;
    } catch (error) {
      this.#end(running, `failed after ${elapsed(this.#now() - running.since)}`);
      throw error;
    }
  }

  #end(running: Running, note: string): void {
    this.#running.delete(running);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#line(`${running.label}  ${note}`);
  }

  #tick(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(
      () => {
        if (this.#tty) this.#status();
        else for (const task of this.#running) this.#line(`${task.label} … ${this.#state(task)}`);
      },
      this.#tty ? 1000 : this.#period,
    );
    this.#timer.unref();
    this.#status();
  }

  #state(task: Running): string {
    const age = elapsed(this.#now() - task.since);
    return task.note === "" ? age : `${age}, ${task.note}`;
  }

  #line(text: string): void {
    if (!this.#tty) {
      this.#out.write(`${text}\n`);
      return;
    }
    this.#out.write(`\r\x1b[K${text}\n`);
    this.#status();
  }

  #status(): void {
    if (!this.#tty) return;
    const text = [...this.#running].map((task) => `${task.label} ${this.#state(task)}`).join(" · ");
    this.#out.write(`\r\x1b[K${text.slice(0, (this.#out.columns ?? 80) - 1)}`);
  }
}

/** A time for people: `0.4 s`, `12 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
