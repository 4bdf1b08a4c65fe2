import { CliError } from "../base/errors.ts";
import type { Diagnostic, PolicyFinding, Preview } from "./preview.ts";
import { mergeSteps, type RawState, type RawStep } from "./steps.ts";

/** A step in the JSON digest. */
interface DigestStep extends Omit<RawStep, "old" | "new" | "keys" | "diffs"> {
  readonly oldState?: RawState;
  readonly newState?: RawState;
  readonly replaceReasons?: readonly string[] | null;
  readonly diffReasons?: readonly string[] | null;
}

/** What `pulumi preview --json` prints. */
interface Digest {
  readonly steps?: readonly DigestStep[];
  readonly diagnostics?: readonly RawDiagnostic[];
  readonly changeSummary?: Readonly<Record<string, number>>;
}

interface RawDiagnostic {
  readonly urn?: string;
  readonly prefix?: string;
  readonly message: string;
  readonly severity: string;
  readonly ephemeral?: boolean;
}

/** An engine event, as far as it is of interest; the SDK's own type leaves out fields that events have. */
export interface RawEvent {
  readonly resourcePreEvent?: { readonly metadata: RawStep };
  readonly diagnosticEvent?: RawDiagnostic;
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly policyPackName: string;
    readonly enforcementLevel: string;
  };
  readonly errorEvent?: { readonly error: string };
  readonly summaryEvent?: {
    readonly resourceChanges?: Readonly<Record<string, number>> | null;
    readonly result?: string;
  };
}

/**
 * A preview from JSON: the digest that `pulumi preview --json` prints, or the stream of events that it prints with
 * `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1` and that `--event-log` writes.
 *
 * @param from where the text is from, for the message
 * @throws CliError for any other text
 */
export function readPreview(text: string, from: string): Preview {
  const whole = parsed(text);
  if (isRecord(whole) && ("steps" in whole || "changeSummary" in whole)) return fromDigest(whole);
  const events = whole === undefined ? lines(text) : Array.isArray(whole) ? whole : [whole];
  if (events.length > 0 && events.every((event) => isRecord(event) && isEvent(event))) {
    return fromEvents(events as RawEvent[]);
  }
  throw new CliError(
    `${from} is no preview`,
    "Make one by: PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json > preview.json",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One value a line; what a program printed in between is none of it. */
const lines = (text: string): readonly unknown[] =>
  text.split("\n").flatMap((line) => (line.startsWith("{") ? [parsed(line)] : []));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEvent = (event: Record<string, unknown>): boolean =>
  "sequence" in event || Object.keys(event).some((key) => key.endsWith("Event"));

function fromDigest(digest: Digest): Preview {
  const steps = (digest.steps ?? []).map(
    ({ oldState, newState, replaceReasons, diffReasons, ...step }): RawStep => ({
      ...step,
      ...(oldState !== undefined && { old: oldState }),
      ...(newState !== undefined && { new: newState }),
      ...(replaceReasons != null && { keys: replaceReasons }),
      ...(diffReasons != null && { diffs: diffReasons }),
    }),
  );
  const unchanged = digest.changeSummary?.["same"] ?? 0;
  return previewOf(steps, {
    diagnostics: (digest.diagnostics ?? []).flatMap(diagnosticOf),
    findings: [],
    // The root stack is always there; anything else that is the same only with --show-sames.
    complete: unchanged <= 1 || steps.filter(({ op }) => op === "same").length > 1,
  });
}

/** A preview from the engine's events. */
export function fromEvents(events: readonly RawEvent[]): Preview {
  // What a refresh finds becomes the state from which the steps after it start.
  const steps = events.flatMap(({ resourcePreEvent: { metadata } = { metadata: undefined } }) =>
    metadata === undefined || metadata.op === "refresh" ? [] : [metadata],
  );
  const diagnostics = events.flatMap(({ diagnosticEvent, errorEvent }) => [
    ...(diagnosticEvent === undefined ? [] : diagnosticOf(diagnosticEvent)),
    ...(errorEvent === undefined ? [] : diagnosticOf({ message: errorEvent.error, severity: "error" })),
  ]);
  const findings = events.flatMap(({ policyEvent }): PolicyFinding[] =>
    policyEvent === undefined
      ? []
      : [
          {
            urn: policyEvent.resourceUrn ?? "",
            policy: policyEvent.policyName,
            pack: policyEvent.policyPackName,
            mandatory: policyEvent.enforcementLevel === "mandatory",
            message: plain(policyEvent.message),
          },
        ],
  );
  // An engine that did not come to its end gives no summary.
  const ended = events.some(
    ({ summaryEvent }) => summaryEvent !== undefined && summaryEvent.result !== "failed",
  );
  return previewOf(steps, { diagnostics, findings, complete: true, failed: !ended });
}

interface Rest {
  readonly diagnostics: readonly Diagnostic[];
  readonly findings: readonly PolicyFinding[];
  readonly complete: boolean;
  readonly failed?: boolean;
}

function previewOf(raw: readonly RawStep[], { failed = false, ...rest }: Rest): Preview {
  const steps = mergeSteps(raw);
  const urn = steps[0]?.urn ?? rest.diagnostics.find((diagnostic) => diagnostic.urn !== "")?.urn ?? "";
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  const told = rest.diagnostics.some(({ severity }) => severity === "error");
  return {
    project,
    stack,
    steps,
    ...rest,
    failed: failed || told || rest.findings.some(({ mandatory }) => mandatory),
  };
}

function diagnosticOf({ urn = "", prefix = "", message, severity, ephemeral }: RawDiagnostic): Diagnostic[] {
  const text = plain(prefix + message).trim();
  if (ephemeral === true || text === "") return [];
  if (severity !== "error" && severity !== "warning") return [];
  return [{ severity, urn, message: text.replace(/^(error|warning): /, "") }];
}

/** A text without the engine's colours, `<{%fg 1%}>`, and without a terminal's. */
const plain = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- a terminal's colours begin with an escape
  text.replace(/<\{%[^%]*%\}>|\u001b\[[0-9;]*[A-Za-z]/g, "");
