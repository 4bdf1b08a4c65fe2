export { MetalLB, type MetalLBArgs } from "./metallb.ts";
export type { AddressPool } from "./pool.ts";
