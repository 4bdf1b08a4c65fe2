import "./program/debug-messages.ts";

import { Cluster } from "./components/index.ts";
import { refuseClashes } from "./program/clashes.ts";
import { readConfig, stackSource } from "./program/config.ts";
import { deployApps } from "./program/deploy.ts";
import { monitor } from "./program/monitoring.ts";
import { outputsOf } from "./program/outputs.ts";
import { platformOf } from "./program/platform.ts";
import { takenOn } from "./program/taken.ts";
import { versionsOf } from "./program/versions.ts";

const config = readConfig(stackSource());
const versions = versionsOf(config);

refuseClashes(config, await takenOn(config));

const cluster = new Cluster("kubernetes", { context: config.context });
const base = await platformOf(config, cluster);
monitor(config, base);
const { apps, signIn } = await deployApps(config, base, versions);
base.keepWhileInUse([...apps.map(({ app }) => app), ...(signIn ? [signIn] : [])]);

export default outputsOf(config, base, { apps, signIn }, versions);
