/** The lab's cluster, as the rest of the lab sees it. */
export {
  addonBinaries,
  addonsForExamples,
  metallbChart,
  metallbImages,
  startAddons,
} from "./addons/index.ts";
export { readRegistry, startRegistry, type Registry } from "./addons/registry.ts";
export { apiServer, lab } from "./addresses.ts";
export { apply, kubectl } from "./control-plane.ts";
export { hostName } from "./dns.ts";
export { kubeconfigFile } from "./layout.ts";
export { exportImage, fullImageName, hasImage, importImage } from "./images.ts";
export { describeNodes, nodeFigures } from "./nodes.ts";
export { importBinaryImage } from "./binary-image.ts";
export { checkCluster, startCluster, type StartOptions } from "./start.ts";
export { clusterStatus, type ClusterStatus } from "./status.ts";
export { stopCluster } from "./stop.ts";
export { checkNodes } from "./workers.ts";
