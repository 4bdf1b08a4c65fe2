import { getProject, getStack } from "@pulumi/pulumi";

/** Identity of a stack: what its objects are named and labelled after. */
export interface StackInfo {
  /** Pulumi project name, a DNS label: `slipway`. */
  readonly project: string;
  /** Pulumi stack name, a DNS label: `dev`. */
  readonly stack: string;
  /**
   * Date, `YYYY-MM-DD`, after which the stack's objects may be removed by whoever cleans up the cluster, or `never`.
   * @default no expiry label
   */
  readonly expires?: string | undefined;
  /**
   * Platform that the stack is on where several stacks share one: `<project>-<stack>` of the platform's own stack. Its Traefik reads
   * the objects that are labelled with it.
   * @default none: the stack has a Traefik to itself
   */
  readonly platform?: string | undefined;
}

/** What a platform that stacks share is called on the cluster. */
export const platformName = ({ project, stack }: StackInfo): string => `${project}-${stack}`;

/** The stack that Pulumi runs the program for. */
export const runningStack = (): StackInfo => ({ project: getProject(), stack: getStack() });
