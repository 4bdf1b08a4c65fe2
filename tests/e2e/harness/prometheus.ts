import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Client } from "./client.ts";
import { kubectl } from "./kubectl.ts";
import { ROOT } from "./stack.ts";

/** A series with its latest value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

interface Rule {
  readonly name: string;
  readonly health: string;
}

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

/** The lab's Prometheus, which is there with the addon `prometheus`. */
export class Prometheus {
  readonly #url: string;
  readonly #client: Client;

  private constructor(address: string) {
    this.#url = "http://prometheus.test/api/v1";
    this.#client = new Client({ address });
  }

  static async find(): Promise<Prometheus> {
    const words = ["--namespace", "prometheus", "--output", "jsonpath={.spec.clusterIP}"];
    return new Prometheus((await kubectl("get", "service/prometheus", ...words)).trim());
  }

  /** What an expression gives now. */
  async query(expression: string): Promise<readonly Sample[]> {
    const path = `/query?query=${encodeURIComponent(expression)}`;
    return (await this.#data<{ result: Sample[] }>(path)).result;
  }

  /** The rules that it evaluates. */
  async rules(): Promise<readonly Rule[]> {
    const { groups } = await this.#data<{ groups: { rules: Rule[] }[] }>("/rules");
    return groups.flatMap(({ rules }) => rules);
  }

  /** Alerts that are firing. */
  async firing(): Promise<readonly Alert[]> {
    const { alerts } = await this.#data<{ alerts: Alert[] }>("/alerts");
    return alerts.filter(({ state }) => state === "firing");
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #data<T>(path: string): Promise<T> {
    return (await this.#client.json<{ data: T }>(`${this.#url}${path}`)).data;
  }
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

/** The expressions of monitoring/dashboard.json by their panels, as Grafana would ask for one service. */
export function panelQueries(service: string): readonly (readonly [title: string, expression: string])[] {
  const text = readFileSync(join(ROOT, "monitoring", "dashboard.json"), "utf8");
  return (JSON.parse(text) as Dashboard).panels.flatMap(({ title, targets }) =>
    targets.map(
      ({ expr }) =>
        [title, expr.replaceAll("$service", service).replaceAll("$__rate_interval", "30s")] as const,
    ),
  );
}
