import { expect, it } from "vitest";

import { greeting } from "../../../examples/middlewares/greeting/plugin.ts";
import { describe as describeProblem, Problems } from "../../../components/base/errors.ts";
import type { TraefikConfig } from "../../../components/traefik/args.ts";
import { checkTraefik } from "../../../components/traefik/checks.ts";
import { traefikValues } from "../../../components/traefik/values.ts";
import { readConfig } from "../../../program/config.ts";
import { mistakesOf } from "../mistakes.ts";
import { resolved } from "../mocks.ts";
import { run, sourceOf } from "../program/stack.ts";

const place = { stack: { project: "slipway", stack: "dev" }, namespace: "slipway-dev-traefik" };

const mistakes = (localPlugins: TraefikConfig["localPlugins"]): string[] => {
  const problems = new Problems("traefik");
  checkTraefik({ ...place, localPlugins }, problems);
  return problems.found.map(describeProblem);
};

it("is read from a ConfigMap of the chart's, and rolls the pods when it changes", () => {
  const annotation = (plugin: typeof greeting): unknown =>
    traefikValues({ ...place, localPlugins: { greeting: plugin } })["deployment"];
  const { experimental, deployment } = traefikValues({ ...place, localPlugins: { greeting } });
  expect(experimental).toEqual({
    localPlugins: {
      greeting: {
        moduleName: "example.org/greeting",
        mountPath: "/plugins-local/src/example.org/greeting",
        type: "inlinePlugin",
        source: greeting.source,
      },
    },
    abortOnPluginFailure: true,
  });
  expect(deployment).toMatchObject({
    podAnnotations: { "slipway.dev/config-checksum": expect.stringMatching(/^[0-9a-f]{16}$/) as string },
  });
  const changed = { ...greeting, source: { ...greeting.source, "more.go": "package greeting\n" } };
  expect(annotation(changed)).not.toEqual(annotation(greeting));
  const none = traefikValues(place);
  expect(none).not.toHaveProperty("experimental");
  expect(none["deployment"]).not.toHaveProperty("podAnnotations");
});

it("tells everything that can be seen of a plugin that Traefik would not take, at once", () => {
  const manifest = "import: example.org/other\ntype: provider\n";
  expect(
    mistakes({
      data: greeting,
      again: greeting,
      empty: { module: "/x", source: {} },
      wrong: { module: "example.org/wrong", source: { ".traefik.yml": manifest, "a/b.go": "" } },
    }),
  ).toEqual([
    "localPlugins.data: must not be one of data, tmp, plugins, which are volumes of Traefik's pods",
    'localPlugins.again.module: "example.org/greeting" is that of localPlugins.data, too',
    'localPlugins.empty.module: "/x" must be the path of a Go module, as "example.org/greeting"',
    "localPlugins.empty.source: must hold .traefik.yml, which says what Traefik imports",
    "localPlugins.empty.source: must hold a file of Go",
    expect.stringMatching(/^localPlugins\.wrong\.source\.a\/b\.go: must be a key of/) as string,
    'localPlugins.wrong.source: "provider" must be type: middleware in .traefik.yml',
    'localPlugins.wrong.source: "example.org/other" must be import: example.org/wrong, the module, in .traefik.yml',
    "localPlugins.wrong.source: must have displayName in .traefik.yml: Traefik takes no plugin without",
    "localPlugins.wrong.source: must have summary in .traefik.yml: Traefik takes no plugin without",
    "localPlugins.wrong.source: must have testData in .traefik.yml: Traefik takes no plugin without",
  ]);
});

const middlewares = { hello: { plugin: { greeting: { text: "hi" } } } };
const apps = { a: { image: "x:1", host: "a.test", middlewares: ["hello"] } };

const lines = (config: Record<string, unknown>): string[] => mistakesOf(() => readConfig(sourceOf(config)));

it("is what a middleware of a stack file goes through, with what it is told", async () => {
  const traefik = { localPlugins: { greeting } };
  const made = await run("dev", { traefik, middlewares, apps });
  expect(
    made.one("kubernetes:traefik.io/v1alpha1:Middleware", "slipway-test-hello-middleware").inputs.spec,
  ).toEqual({ plugin: { greeting: { text: "hi" } } });
});

it("has to be one that Traefik is told of, of this stack or by values", () => {
  expect(lines({ middlewares, apps })).toEqual([
    '  middlewares.hello.plugin: "greeting" is none of traefik.localPlugins: there are none',
  ]);
  const values = { experimental: { plugins: { greeting: { moduleName: "x", version: "v1" } } } };
  expect(lines({ traefik: { values }, middlewares, apps })).toEqual([]);
  const two = { hello: { plugin: { greeting: {}, other: {} } } };
  expect(lines({ traefik: { localPlugins: { greeting } }, middlewares: two, apps })).toEqual([
    '  middlewares.hello.plugin: ["greeting","other"] must name one plugin, with what it is told',
    '  middlewares.hello.plugin: "other" is none of traefik.localPlugins: there are greeting',
  ]);
});

it("has to be one of the platform's, on another stack's", async () => {
  const PLATFORM = "organization/slipway/platform";
  const onPlatform = async (traefik: object) => {
    const { value } = await run("dev", { apps: {}, platform: { shared: true }, traefik });
    const outputs = { platform: await resolved(value.platform), authorityKey: "key" };
    const referenced = { [PLATFORM]: JSON.parse(JSON.stringify(outputs)) as Record<string, unknown> };
    return run("dev", { traefik: {}, platform: { stack: PLATFORM }, middlewares, apps }, { referenced });
  };
  await expect(onPlatform({})).rejects.toThrow(
    `middlewares.hello.plugin: "greeting" needs traefik.localPlugins in the stack ${PLATFORM}`,
  );
  await expect(onPlatform({ localPlugins: { greeting } })).resolves.toBeDefined();
});
