/** What values may be, each rule said once. */
export * from "./addresses.ts";
export * from "./durations.ts";
export * from "./headers.ts";
export * from "./images.ts";
export * from "./labels.ts";
export * from "./names.ts";
export * from "./numbers.ts";
export * from "./paths.ts";
export * from "./quantities.ts";
export * from "./ranges.ts";
export * from "./urls.ts";
export { all, broken, complaint, hasControls, oneOf, type Rule, rule } from "./rule.ts";
