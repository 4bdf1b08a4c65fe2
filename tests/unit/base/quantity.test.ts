import fc from "fast-check";
import { expect, it } from "vitest";

import { canonicalQuantity } from "../../../components/base/quantity.ts";
import { amount, quantity } from "../../../components/base/rules/index.ts";

it.each([
  ["0.5", "500m"],
  ["1000m", "1"],
  ["0", "0"],
  ["0Mi", "0"],
  ["0.0005", "500u"],
  ["0.0000000001", "1n"],
  ["1500000k", "1500M"],
  ["1.5G", "1500M"],
  ["1.5Gi", "1536Mi"],
  ["65536Ki", "64Mi"],
  ["1000Mi", "1000Mi"],
  ["0.5Ki", "512"],
  ["0.1Gi", "107374182400m"],
  ["10e2", "1e3"],
  ["1E3", "1E3"],
  ["1.5e3", "1500"],
  ["15E-1", "1500e-3"],
  ["1 core", "1 core"],
])("writes %s as %s", (text, written) => {
  // What the API server makes of each, by its own package.
  expect(canonicalQuantity(text)).toBe(written);
});

const suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "e3", "E-3"];

it("changes no amount, and nothing that it wrote", () => {
  const decimals = fc.oneof(
    fc.constant(""),
    fc.nat({ max: 999 }).map((digits) => `.${digits}`),
  );
  const quantities = fc.tuple(fc.nat({ max: 1e6 }), decimals, fc.constantFrom(...suffixes));
  fc.assert(
    fc.property(quantities, (parts) => {
      const text = parts.join("");
      const written = canonicalQuantity(text);
      expect(quantity.test(written)).toBe(true);
      expect(canonicalQuantity(written)).toBe(written);
      // Less than a nano is one.
      expect(
        Math.abs(amount(written) / amount(text) - 1) < 1e-9 || amount(written) - amount(text) <= 1e-9,
      ).toBe(true);
    }),
  );
});
