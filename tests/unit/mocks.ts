import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Recorded {
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  /** What the provider would get; secrets stand there in plain, see `secrets`. */
  readonly inputs: Record<string, unknown>;
  /** Paths of the inputs that are secret, `data.password`, sorted. */
  readonly secrets: readonly string[];
  /** URN of the parent; empty for none. */
  readonly parent: string;
  /** Names of the resources it depends on, sorted. */
  readonly dependsOn: readonly string[];
  /** What it was called before; each says only what differs. */
  readonly aliases: readonly { readonly parent?: string; readonly name?: string; readonly type?: string }[];
  /** URN of what it is deleted with; empty for nothing. */
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly retainOnDelete: boolean;
  readonly protect: boolean;
  /** `undefined` where the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly customTimeouts: { readonly create: string; readonly update: string; readonly delete: string };
  /** `urn::id` of the provider; empty for the default one. */
  readonly provider: string;
}

/** What a program registered, and what it returned. */
export class Recording<T> {
  readonly value: T;
  readonly resources: readonly Recorded[];

  constructor(value: T, resources: readonly Recorded[]) {
    this.value = value;
    this.resources = resources;
  }

  /** Every resource of a type. */
  all(type: string): readonly Recorded[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource of a type (with that name, where given). */
  one(type: string, name?: string): Recorded {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length === 1) return found[0] as Recorded;
    const present = this.resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
    throw new Error(`${found.length} resources ${type} ${name ?? ""}, among:\n  ${present}`);
  }
}

interface RecordOptions {
  /** Runs as `pulumi preview` does: what only a provider knows is unknown. */
  readonly preview?: boolean;
  /** Output properties that a provider would add to the inputs. */
  readonly outputs?: (args: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
}

/**
 * Runs a program against a recording mock of the engine, and waits until everything is registered.
 *
 * ```ts
 * const made = await record(() => new Deployment("web", { … }));
 * expect(made.one("kubernetes:apps/v1:Deployment").inputs).toEqual({ … });
 * expect(await resolved(made.value.name)).toBe("web");
 * ```
 */
export async function record<T>(
  program: () => T | Promise<T>,
  { preview = false, outputs = () => ({}) }: RecordOptions = {},
): Promise<Recording<T>> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => ({
        id: preview || args.custom !== true ? undefined : `${args.name}-id`,
        state: { ...(args.inputs as object), ...outputs(args) },
      }),
      call: () => ({}),
    },
    "slipway",
    "test",
    preview,
  );
  watch((request) => resources.push(recorded(request)));
  try {
    const value = await program();
    return new Recording(value, resources);
  } finally {
    // Also after a mistake: what was registered before it must not reach the next recording.
    await pulumi.runtime.disconnect();
  }
}

/** What a program that makes something before it is refused is told; nothing is left running. */
export async function refusal(program: () => unknown): Promise<string> {
  const { value } = await record(() => {
    try {
      program();
      return "nothing";
    } catch (error) {
      return (error as Error).message;
    }
  });
  return value;
}

/** The value of an output, or of anything with outputs in it. */
export function resolved<T>(value: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply(resolve);
  });
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
  getDependenciesList(): string[];
  getAliasesList(): { getSpec(): AliasSpec | undefined }[];
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getRetainondelete(): boolean;
  getProtect(): boolean;
  getDeletebeforereplace(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
}

interface AliasSpec {
  getParenturn(): string;
  getName(): string;
  getType(): string;
}

type Registration = (request: { getName(): string }, done: (error: Error | null) => void) => void;

/** Mocks are told no resource options; the request to the engine holds them. */
function watch(see: (request: Request) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, ...rest: unknown[]): unknown;
    registerResourceHook?: Registration;
    registerErrorHook?: Registration;
  };
  // Mocks claim to support hooks and have no method to register one by; the engine takes each name once.
  const hooks = new Set<string>();
  monitor.registerResourceHook = monitor.registerErrorHook = (request, done) => {
    const name = request.getName();
    done(hooks.has(name) ? new Error(`resource hook already registered for name "${name}"`) : null);
    hooks.add(name);
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    see(request);
    return register(request, ...rest);
  };
}

function recorded(request: Request): Recorded {
  const secrets: string[] = [];
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}, "", secrets) as Record<string, unknown>,
    secrets: secrets.sort(),
    parent: request.getParent(),
    dependsOn: request
      .getDependenciesList()
      .map((urn) => urn.split("::").at(-1) as string)
      .sort(),
    aliases: request.getAliasesList().map((alias) => {
      const [parent, name, type] = ["getParenturn", "getName", "getType"].map(
        (get) => alias.getSpec()?.[get as keyof AliasSpec]() ?? "",
      );
      return { ...(parent && { parent }), ...(name && { name }), ...(type && { type }) };
    }),
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    retainOnDelete: request.getRetainondelete(),
    protect: request.getProtect(),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    provider: request.getProvider(),
  };
}

/** Marks of special values on the wire, from Pulumi's `sdk/nodejs/runtime/rpc.ts`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value off the wire with its secrets unwrapped; their paths are added to `secrets`. */
function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[SIGNATURE] === SECRET) {
    secrets.push(path);
    return plain(object.value, path, secrets);
  }
  const entries = Object.entries(object);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, plain(item, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}
