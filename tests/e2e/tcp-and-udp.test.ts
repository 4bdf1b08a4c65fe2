import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

import { beforeAll, expect, it } from "vitest";

import { useExample, waitFor } from "./harness/index.ts";

const tcpPort = 32_034;
const udpPort = 32_035;
const example = useExample("tcp-and-udp", "e2e-tcp", { config: { tcpPort, udpPort } });
const { address, ports } = example;

/** Says a word and gives what comes back; empty where the connection is closed or reset instead. */
async function talk(socket: Socket, word: string): Promise<string> {
  const lines = createInterface(socket);
  const heard = Promise.race([
    once(lines, "line", { signal: AbortSignal.timeout(5_000) }).then(([line]) => line as string),
    once(socket, "close").then(() => ""),
  ]);
  socket.write(`${word}\n`);
  try {
    return await heard;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return "";
    throw error;
  }
}

const overTcp = async (): Promise<string> => {
  const socket = connect(tcpPort, address);
  try {
    return await talk(socket, "hello");
  } finally {
    socket.destroy();
  }
};

async function overTls(servername: string, options: ConnectionOptions): Promise<string> {
  const socket = connectTls({ host: address, port: ports.https, servername, ...options });
  await once(socket, "secureConnect");
  try {
    return await talk(socket, "hello");
  } finally {
    socket.destroy();
  }
}

beforeAll(async () => {
  await waitFor(async () => (await overTcp()) === "tcp hello", { message: "Traefik to serve the TCP route" });
});

it("leads every connection of an entry point", async () => {
  expect(await overTcp()).toBe("tcp hello");
});

it("closes the third connection at once", async () => {
  const sockets: Socket[] = [];
  const heard: string[] = [];
  for (let n = 0; n < 3; n++) {
    const socket = connect(tcpPort, address);
    sockets.push(socket);
    heard.push(await talk(socket, "hi"));
  }
  for (const socket of sockets) socket.destroy();
  expect(heard).toEqual(["tcp hi", "tcp hi", ""]);
});

it("leads by the name that TLS asks for, passed through or ended", async () => {
  const ca = await example.stack().output<string>("caCertificate");
  expect(await overTls("through.test", { ca })).toBe("tls hello");
  expect(await overTls("ended.test", { ca })).toBe("tcp hello");
  await expect(overTls("unknown.test", { ca })).rejects.toThrow(/certificate/);
});

it("leads datagrams", async () => {
  const socket = createSocket("udp4");
  const heard = await waitFor(
    async () => {
      socket.send("hello", udpPort, address);
      const [message] = (await once(socket, "message", { signal: AbortSignal.timeout(2_000) })) as [Buffer];
      return message.toString();
    },
    { message: "an answer by UDP", deadline: 20_000 },
  );
  socket.close();
  expect(heard).toBe("udp hello");
});

it("previews empty when nothing has changed", async () => {
  expect(await example.stack().changes()).toEqual([]);
});
