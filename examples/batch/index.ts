import { CronJob, Job, Secret } from "../../components/index.ts";
import { setup } from "../setup.ts";

const { namespace, config, image } = setup();

const database = new Secret("database", {
  namespace,
  data: { url: config.getSecret("databaseUrl") ?? "postgresql://example" },
});

const migration = new Job("migrate", {
  namespace,
  image: image("nginx"),
  command: ["sh", "-c", config.get("migration") ?? 'echo "12 tables"; test -n "$DATABASE_URL"'],
  env: { DATABASE_URL: { secretKeyRef: { name: database, key: "url" } } },
  activeDeadlineSeconds: config.getNumber("activeDeadlineSeconds") ?? 120,
  shutdownSeconds: 1,
});

new CronJob(
  "report",
  {
    namespace,
    image: image("nginx"),
    schedule: config.get("schedule") ?? "0 3 * * mon-fri",
    timeZone: "Europe/Berlin",
    command: ["sh", "-c", 'echo "report of $(date)"'],
    concurrencyPolicy: "Forbid",
    successfulJobsHistoryLimit: 2,
  },
  { dependsOn: migration },
);

export const namespaceName = namespace.name;
