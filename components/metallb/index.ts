export { MetalLB, type MetalLBArgs } from "./metallb.ts";
export { type AddressPool, poolSize } from "./pool.ts";
