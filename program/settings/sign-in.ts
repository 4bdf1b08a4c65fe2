import type { SignInSpec } from "../../components/index.ts";

/** Who signs users in to apps that have no sign-in of their own, and which of them may come in. See docs/sign-in.md. */
export interface SignInSettings extends SignInSpec {
  /**
   * Domain whose hosts share a session: the hosts of all apps with `signIn` are it, or below it.
   * @default `domain`
   * @format domain
   */
  readonly cookieDomain?: string | undefined;
}

/** Who may come in to an app. */
export interface AppSignIn {
  /** Groups, one of which a user is in, besides what the stack's `signIn` asks of all. */
  readonly groups: readonly string[];
}
