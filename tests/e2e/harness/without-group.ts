import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { stringify } from "yaml";

/**
 * Lets something use the cluster as if it did not have an API group: no discovery names it, and nothing answers there.
 * So what a missing API means can be seen beside other stacks that need it.
 * @param use is given a kubeconfig, as text
 */
export async function withoutGroup<T>(group: string, use: (kubeconfig: string) => Promise<T>): Promise<T> {
  const kubectl = spawn("kubectl", ["proxy", "--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
  const server = createServer((incoming, outgoing) => {
    forward(group, upstream, incoming, outgoing);
  });
  let upstream = 0;
  try {
    const [line] = (await once(createInterface(kubectl.stdout), "line")) as [string];
    upstream = Number(/:(\d+)$/.exec(line)?.[1]);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return await use(kubeconfig((server.address() as AddressInfo).port));
  } finally {
    server.close();
    server.closeAllConnections();
    kubectl.kill();
  }
}

function forward(group: string, port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url: path = "/", headers } = incoming;
  if (path.startsWith(`/apis/${group}`)) {
    outgoing.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
    return;
  }
  const lists = /^\/apis\/?(\?|$)/.test(path);
  const sent = { ...headers, host: `127.0.0.1:${port}` };
  if (lists) {
    // The list of groups is changed on its way, so it has to be readable, and no client may have it already.
    delete sent["accept-encoding"];
    delete sent["if-none-match"];
  }
  const onward = request({ host: "127.0.0.1", port, method, path, headers: sent }, (answer) => {
    if (!lists) {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      return;
    }
    void text(answer).then((body) => {
      const list = JSON.stringify(hide(group, JSON.parse(body) as GroupList));
      outgoing.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] });
      outgoing.end(list);
    });
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

interface GroupList {
  readonly groups?: readonly { readonly name: string }[];
  readonly items?: readonly { readonly metadata: { readonly name: string } }[];
}

/** Both forms in which the API server lists its groups. */
const hide = (group: string, list: GroupList): GroupList => ({
  ...list,
  ...(list.groups && { groups: list.groups.filter(({ name }) => name !== group) }),
  ...(list.items && { items: list.items.filter(({ metadata }) => metadata.name !== group) }),
});

const kubeconfig = (port: number): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "user", user: {} }],
    contexts: [{ name: "context", context: { cluster: "cluster", user: "user" } }],
    "current-context": "context",
  });
