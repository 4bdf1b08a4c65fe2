import { createSocket } from "node:dgram";
import { once } from "node:events";

/** This machine's address as a host that it reaches sees it. */
export async function ownAddress(towards: string): Promise<string> {
  const socket = createSocket("udp4");
  try {
    // Nothing is sent: connecting is enough to choose a route.
    socket.connect(9, towards);
    await once(socket, "connect");
    return socket.address().address;
  } finally {
    socket.close();
  }
}
