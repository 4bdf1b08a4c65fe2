/** A Debian package that the lab installs where it is missing. */
export interface DebianPackage {
  /** A file that shows it is there, however it came. */
  readonly file: string;
  /** Programs of it that the project calls by name or path. @default none: other programs need it */
  readonly programs?: readonly string[];
}

export type DebianPackages = Readonly<Record<string, DebianPackage>>;

/** Debian packages by name, for each thing that needs them. The only place that says what is installed. */
export const debianPackages = {
  cluster: {
    containerd: { file: "/usr/bin/containerd", programs: ["containerd", "ctr"] },
    runc: { file: "/usr/sbin/runc" },
    catatonit: { file: "/usr/bin/catatonit", programs: ["catatonit"] },
    "containernetworking-plugins": { file: "/usr/lib/cni/ptp" },
    iptables: { file: "/usr/sbin/iptables" },
    nftables: { file: "/usr/sbin/nft", programs: ["nft"] },
    iproute2: { file: "/usr/sbin/ip", programs: ["ip"] },
    procps: { file: "/usr/sbin/sysctl", programs: ["sysctl"] },
    mount: { file: "/usr/bin/mount", programs: ["mount", "umount"] },
    "util-linux": { file: "/usr/bin/nsenter", programs: ["flock", "nsenter", "unshare"] },
  },
  images: {
    buildah: { file: "/usr/bin/buildah", programs: ["buildah"] },
    mmdebstrap: { file: "/usr/bin/mmdebstrap", programs: ["mmdebstrap"] },
    gpg: { file: "/usr/bin/gpg" },
    "debian-archive-keyring": { file: "/usr/share/keyrings/debian-archive-keyring.gpg" },
  },
  registry: {
    "docker-registry": { file: "/usr/bin/docker-registry", programs: ["docker-registry"] },
    whois: { file: "/usr/bin/mkpasswd", programs: ["mkpasswd"] },
  },
  python: {
    python3: { file: "/usr/bin/python3", programs: ["python3"] },
  },
  certificates: {
    openssl: { file: "/usr/bin/openssl", programs: ["openssl"] },
  },
  browser: {
    chromium: { file: "/usr/bin/chromium", programs: ["chromium"] },
  },
} as const satisfies Readonly<Record<string, DebianPackages>>;

/** Programs that come in another way. Those that the lab builds are in `toolchain/parts.ts`. */
export const otherPrograms = {
  /** What the README asks for. */
  prerequisites: ["git", "go", "make", "node", "npm", "npx"],
  /** Debian's essential packages, and what every POSIX system has. */
  base: [
    ...[
      "apt-get",
      "bash",
      "cat",
      "chroot",
      "dirname",
      "echo",
      "env",
      "expand",
      "false",
      "kill",
      "ldd",
      "mv",
      "nice",
    ],
    ...["printf", "rm", "sed", "seq", "sh", "sleep", "tar", "touch", "true", "uname"],
  ],
  /** The user's own: called only where they are. */
  optional: ["docker", "podman", "systemctl"],
} as const;
