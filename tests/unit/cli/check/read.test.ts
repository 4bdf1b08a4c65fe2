import { expect, it } from "vitest";

import { objectsIn } from "../../../../cli/check/read.ts";

it("reads objects from YAML and JSON, a list's items one by one, and passes over what is empty", () => {
  const yaml =
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n# nothing\n---\n" +
    '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}]}';
  expect(objectsIn(yaml, "f").map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Service a",
    "Secret b",
  ]);
});

it("says which document is none", () => {
  expect(() => objectsIn("a: [", "f.yaml")).toThrow("f.yaml is no YAML");
  expect(() => objectsIn("apiVersion: v1\nkind: Service\n", "f.yaml")).toThrow(
    "document 1 of f.yaml is no Kubernetes object",
  );
  expect(() => objectsIn("text", "f.yaml")).toThrow("document 1 of f.yaml is no Kubernetes object");
});
