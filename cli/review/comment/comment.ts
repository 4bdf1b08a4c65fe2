/** A comment on a pull request. */
export interface Comment {
  readonly id: string;
  readonly body: string;
  /** Whether it is hidden or resolved already. */
  readonly hidden: boolean;
}

/** What is asked of a forge, for one pull request. */
export interface Forge {
  /** All comments, the oldest first. */
  list(): Promise<readonly Comment[]>;
  create(body: string): Promise<void>;
  edit(id: string, body: string): Promise<void>;
  /** Puts a comment out of the way. */
  hide(comment: Comment): Promise<void>;
  /** What to look at when it refuses. */
  readonly advice: string;
}

/** The line by which a stack's comment is found again; nobody sees it. */
export const marker = (project: string, stack: string): string =>
  `<!-- slipway-review ${encodeURIComponent(project)}/${encodeURIComponent(stack)} -->`;

interface OneComment {
  readonly marker: string;
  readonly body: string;
  /** Whether to say nothing where nothing was said yet. */
  readonly quiet: boolean;
}

/**
 * Edits a stack's comment, or makes it. Of several, which two runs at the same time may leave, the newest is kept and the others
 * are hidden.
 */
export async function keepOneComment(forge: Forge, { marker, body, quiet }: OneComment): Promise<void> {
  const own = (await forge.list()).filter((comment) => comment.body.startsWith(marker));
  const visible = own.filter(({ hidden }) => !hidden);
  const current = visible.at(-1);
  if (current === undefined) {
    if (!quiet) await forge.create(body);
    return;
  }
  for (const older of visible.slice(0, -1)) await forge.hide(older);
  if (current.body.trim() !== body.trim()) await forge.edit(current.id, body);
}
