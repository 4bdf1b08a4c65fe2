import type { MiddlewareDefinition } from "../../components/index.ts";
import type { Errors } from "../../components/route/middlewares/resilience.ts";
import type { NamedService } from "../../components/route/service-ref.ts";

/** A middleware: exactly one of these kinds, `{ rateLimit: { average: 100 } }`. */
export interface MiddlewareSettings extends Omit<MiddlewareDefinition, "chain" | "errors"> {
  /** Puts a Service's page in place of the app's errors. */
  readonly errors?: ErrorsSettings | undefined;
  /** Several middlewares under one name, in this order. */
  readonly chain?: ChainSettings | undefined;
}

/** Several middlewares under one name, in this order. */
export interface ChainSettings {
  /** Names from `middlewares`. */
  readonly middlewares: readonly string[];
}

/** Puts a Service's page in place of the app's errors. The status stays the app's unless it is rewritten. */
export interface ErrorsSettings extends Omit<Errors, "service"> {
  /** Service of the same namespace that has the pages: an app's name, and a port of its Service. */
  readonly service: NamedService;
}
