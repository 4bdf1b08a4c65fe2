import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { freePorts, waitFor } from "../harness/index.ts";

/** Class of the IngressRoutes and Ingresses that it serves. */
export const CLASS = "accepted";

/** Controller in the class of Ingresses with annotations of ingress-nginx. */
export const NGINX_CONTROLLER = "slipway.dev/accepted-nginx";

/** Ports of loopback by the names of the chart's entry points; `traefik` has the API. */
export interface EntryPoints {
  readonly web: number;
  readonly websecure: number;
  readonly traefik: number;
}

interface Part {
  readonly status?: string;
  readonly error?: readonly string[];
}

interface RawData {
  readonly routers?: Readonly<Record<string, Part>>;
  readonly services?: Readonly<Record<string, Part>>;
  readonly middlewares?: Readonly<Record<string, Part>>;
}

/** A Traefik on loopback that reads all objects of the API server of `KUBECONFIG`. */
export class Traefik {
  readonly #process: ChildProcess;
  readonly #errors: string[] = [];
  readonly entryPoints: EntryPoints;

  private constructor(binary: string, entryPoints: EntryPoints) {
    this.entryPoints = entryPoints;
    const crd = { ingressclass: CLASS, allowemptyservices: "true", safenaming: "true" };
    const flags = {
      ...Object.fromEntries(
        Object.entries(entryPoints).map(([name, port]) => [
          `entrypoints.${name}.address`,
          `127.0.0.1:${port}`,
        ]),
      ),
      "api.insecure": "true",
      ping: "true",
      "log.level": "ERROR",
      "log.format": "json",
      "global.checknewversion": "false",
      "providers.providersthrottleduration": "10ms",
      ...prefixed("providers.kubernetescrd", crd),
      ...prefixed("providers.kubernetesingress", {
        ingressclass: CLASS,
        allowemptyservices: "true",
        strictprefixmatching: "true",
      }),
      ...prefixed("providers.kubernetesingressnginx", {
        ingressclass: `${CLASS}-nginx`,
        controllerclass: NGINX_CONTROLLER,
        httpentrypoint: "web",
        httpsentrypoint: "websecure",
      }),
      "providers.kubernetesgateway": "true",
    };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    this.#process = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface(stream).on("line", (line) => this.#errors.push(line));
    }
  }

  static async start(binary: string): Promise<Traefik> {
    const [web = 0, websecure = 0, traefikPort = 0] = await freePorts(3);
    const traefik = new Traefik(binary, { web, websecure, traefik: traefikPort });
    try {
      await waitFor(() => traefik.#data(), { message: "Traefik's API" });
    } catch (error) {
      await traefik.stop();
      throw error;
    }
    return traefik;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode === null && this.#process.kill("SIGKILL")) await gone;
  }

  /**
   * What Traefik does not serve of a run's objects, a line for each part; nothing once it serves that many routers.
   * @param run what the names of their namespaces end with
   */
  async unserved(run: string, routers: number, milliseconds = 2000): Promise<readonly string[]> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const { count, wrong } = await this.#told(run);
      if (count >= routers && wrong.length === 0) return [];
      if (Date.now() > deadline)
        return [...(count < routers ? [`${count} of ${routers} routers`] : []), ...wrong];
      await pause();
    }
  }

  /** Errors in the log from when something changes until a run has a router more: Traefik looks at everything again. */
  async logged(run: string, change: () => Promise<void>, milliseconds = 10_000): Promise<readonly string[]> {
    const before = this.#errors.length;
    const { count } = await this.#told(run);
    await change();
    const deadline = Date.now() + milliseconds;
    while ((await this.#told(run)).count <= count) {
      if (Date.now() > deadline) return ["a further route is not served"];
      await pause();
    }
    const lines = this.#errors.slice(before).filter((line) => line.includes(run));
    return [...new Set(lines.map((line) => line.replace(/,"time":"[^"]*"/, "")))];
  }

  async #told(run: string): Promise<{ count: number; wrong: readonly string[] }> {
    const data = await this.#data();
    const ofRun = (parts: Readonly<Record<string, Part>> | undefined): [string, Part][] =>
      Object.entries(parts ?? {}).filter(([name]) => name.includes(run));
    const routers = ofRun(data.routers);
    const wrong = [...routers, ...ofRun(data.services), ...ofRun(data.middlewares)]
      .filter(([, { status, error }]) => (status ?? "enabled") !== "enabled" || error !== undefined)
      .map(([name, { status = "", error = [] }]) => `${name} is ${status}: ${error.join("; ")}`);
    return { count: routers.length, wrong };
  }

  async #data(): Promise<RawData> {
    const answer = await fetch(`http://127.0.0.1:${this.entryPoints.traefik}/api/rawdata`);
    return (await answer.json()) as RawData;
  }
}

const prefixed = (prefix: string, flags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(flags).map(([name, value]) => [`${prefix}.${name}`, value]));

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
