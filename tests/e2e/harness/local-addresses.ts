import { execa } from "execa";

import { lab } from "../../../lab/cluster/addresses.ts";

/** Free addresses of the network between this machine and the lab's node: a server tells its clients apart by them. */
export const LOCAL_ADDRESSES = Array.from({ length: 8 }, (_, n) => `198.18.77.${200 + n}`);

/** Gives this machine {@link LOCAL_ADDRESSES} for as long as something goes on. */
export async function withLocalAddresses<T>(use: () => Promise<T>): Promise<T> {
  const change = (verb: string) =>
    LOCAL_ADDRESSES.map((address) => `address ${verb} ${address}/32 dev ${lab.link}\n`).join("");
  // As a killed run may have left them.
  await execa("ip", ["-force", "-batch", "-"], { input: change("delete"), reject: false });
  await execa("ip", ["-batch", "-"], { input: change("add") });
  try {
    return await use();
  } finally {
    await execa("ip", ["-batch", "-"], { input: change("delete") });
  }
}
