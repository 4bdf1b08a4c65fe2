import type { MiddlewareDefinition } from "../../components/index.ts";

/** A middleware: exactly one of these kinds, `{ rateLimit: { average: 100 } }`. */
export interface MiddlewareSettings extends Omit<MiddlewareDefinition, "chain"> {
  /** Several middlewares under one name, in this order. */
  readonly chain?: ChainSettings | undefined;
}

/** Several middlewares under one name, in this order. */
export interface ChainSettings {
  /** Names from `middlewares`. */
  readonly middlewares: readonly string[];
}
