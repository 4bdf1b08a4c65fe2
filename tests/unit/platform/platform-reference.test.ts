import { describe, expect, it } from "vitest";

import { PlatformReference } from "../../../components/index.ts";
import { useKubectl } from "../fake-kubectl.ts";
import { record } from "../mocks.ts";

const PLATFORM = "organization/slipway/platform";

const facts = {
  project: "slipway",
  stack: "platform",
  namespace: "slipway-platform-traefik",
  ingressClass: "slipway-platform",
  endpoint: { address: "192.0.2.1", http: 80 },
  entryPoints: { web: { port: 8000 } },
  teams: { blue: ["slipway-platform-blue", "slipway-platform-blue-data"] },
};

const read = async (hosts?: readonly string[]): Promise<PlatformReference> => {
  const { value } = await record(
    () => PlatformReference.read("platform", { platformStack: PLATFORM, hosts }),
    {
      outputs: ({ type }) =>
        type === "pulumi:pulumi:StackReference" ? { outputs: { platform: facts } } : {},
    },
  );
  return value;
};

it("knows the namespaces of teams, and says which there are", async () => {
  const platform = await read();
  expect(platform.namespaceOf("blue")).toBe("slipway-platform-blue");
  expect(platform.namespaceOf("blue", "data")).toBe("slipway-platform-blue-data");
  expect(() => platform.namespaceOf("red")).toThrow(
    'teams: "slipway-platform-red" is no namespace of its teams, there are: slipway-platform-blue, slipway-platform-blue-data',
  );
});

describe("beside other stacks", () => {
  const route = (stack: string, host: string) => ({
    kind: "IngressRoute",
    metadata: {
      name: "shop",
      namespace: "shops",
      labels: { "slipway.dev/project": "slipway", "slipway.dev/stack": stack },
    },
    spec: { routes: [{ match: `Host(\`${host}\`)` }] },
  });
  // The stack of the mocks is called test.
  const items = [route("test", "own.test"), route("other", "taken.test")];
  useKubectl(`case "$*" in
"get ingressroutes.traefik.io --all-namespaces --selector slipway.dev/platform=slipway-platform "*) cat <<'END'
${JSON.stringify({ items })}
END
;;
"get ingresses"*) echo '{"items": []}' ;;
*) echo "error: the server doesn't have a resource type \\"httproutes\\"" >&2; exit 1 ;;
esac`);

  it("refuses the hosts that those have", async () => {
    await expect(read(["free.test", "taken.test"])).rejects.toThrow(
      'platform slipway-platform:\n  hosts[1]: "taken.test" is taken by IngressRoute shops/shop of stack slipway/other',
    );
  });

  it("takes its own, and those that nobody has", async () => {
    await expect(read(["own.test", "free.test"])).resolves.toBeInstanceOf(PlatformReference);
  });
});
