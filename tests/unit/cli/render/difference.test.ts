import { expect, it } from "vitest";

import { differenceOf } from "../../../../cli/render/difference.ts";
import type { Rendering } from "../../../../cli/render/manifests.ts";

const rendering = (files: Readonly<Record<string, string>>, secret?: string): Rendering => ({
  manifests: Object.entries(files).map(([file, content]) => ({ file, content })),
  leftOut: secret === undefined ? [] : [{ object: secret, fields: ["data.key"], whole: true }],
});

it("is empty for what is the same", () => {
  const same = rendering({ "0010-a.yaml": "a: 1\n" }, "Secret shop/a");
  expect(differenceOf(same, same)).toBe("");
});

it("is a diff of files: one that changed, one that came, one that went, and what is to be supplied", () => {
  const before = rendering({ "0010-a.yaml": "a: 1\nb: 2\n", "0020-gone.yaml": "c: 3\n" });
  const after = rendering({ "0010-a.yaml": "a: 2\nb: 2\n", "0030-new.yaml": "d: 4\n" }, "Secret shop/a");
  expect(differenceOf(before, after)).toBe(`--- a/0010-a.yaml
+++ b/0010-a.yaml
@@ -1,2 +1,2 @@
-a: 1
+a: 2
 b: 2
--- a/0020-gone.yaml
+++ /dev/null
@@ -1,1 +0,0 @@
-c: 3
--- /dev/null
+++ b/0030-new.yaml
@@ -0,0 +1,1 @@
+d: 4
--- /dev/null
+++ b/secrets-to-supply
@@ -0,0 +1,1 @@
+Secret shop/a: data.key
`);
});
