export type { ProviderTrust, SignInSpec } from "./spec.ts";
export { SignIn, type SignInArgs } from "./sign-in.ts";
