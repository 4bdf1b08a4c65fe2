import { specOf, type StackObject } from "../../objects/object.ts";
import { textAt, valueAt } from "../../preview/values.ts";
import { routerAnnotation } from "../../topology/routes.ts";
import { markIf, type Rule } from "./mark.ts";

/** Certificates that Traefik is to ask for by itself: it begins once it has the route. */
export const resolverMarks: Rule = ({ before, after }) => {
  if (before === undefined || after === undefined || !isSecured(before)) return [];
  const [was, will] = [resolverOf(before), resolverOf(after)];
  return markIf(
    will !== undefined && will !== was,
    "certificate",
    "danger",
    `Traefik's resolver ${will ?? ""} gets its certificate, and begins once it has the route: until then clients are shown one of Traefik's own, and refuse it`,
  );
};

const resolverOf = (route: StackObject): string | undefined =>
  textAt(specOf(route), "tls", "certResolver") ?? routerAnnotation(route, "tls.certresolver");

const isSecured = (route: StackObject): boolean =>
  valueAt(specOf(route), "tls") !== undefined || routerAnnotation(route, "tls") === "true";
