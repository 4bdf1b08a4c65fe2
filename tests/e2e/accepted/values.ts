/** Texts for a key of the configuration: such as are usual there, and such as are nearly right. */
export interface Texts {
  readonly usual: readonly string[];
  readonly odd?: readonly string[];
}

const DURATIONS: Texts = { usual: ["5s", "500ms", "1m30s"], odd: ["0s", "1.5s", "-1s", "5 s", "10"] };
const HEADERS: Texts = { usual: ["X-Test", "Authorization"], odd: ["X Test", "X:Test", "x_test"] };
const HOSTS: Texts = {
  usual: ["web", "shop", "shop.example.org", "*.example.org"],
  odd: ["Shop", "a_b", "10.0.0.1", "shop.example.org:8443", "*.*.example.org", "-a.example.org", "a..b"],
};
const IMAGES: Texts = {
  usual: ["nginx", "fastapi", "x:1", "registry.example/team/x:1.4", "x@sha256:" + "0".repeat(64)],
  odd: ["X:1", "x:1:2", "x y", "registry.example:99999/x", "x@sha256:12"],
};
const NAMES: Texts = {
  usual: ["a", "web", "shop-1", "main"],
  odd: ["1a", "A", "a.b", "a_b", "a-", "traefik", "default", "x".repeat(63), "x".repeat(64)],
};
const NETWORKS: Texts = {
  usual: ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "0.0.0.0/0"],
  odd: ["10.0.0.0/33", "10.0.0", "10.0.0.1/8", "::ffff:10.0.0.1", "fe80::1%eth0", "010.0.0.1"],
};
const PATHS: Texts = {
  usual: ["/", "/api", "/a/b", "/api/", "/a.b"],
  odd: [
    "api",
    "/a b",
    "/a?b",
    "/a#b",
    "/a%",
    "/a%20b",
    "/`",
    "/..",
    "//a",
    "/ä",
    "/{a}",
    "/a,b",
    '/"',
    "/a\\b",
  ],
};
const QUANTITIES: Texts = {
  usual: ["100m", "1", "64Mi", "1Gi", "0.5"],
  odd: ["1.5.2", "-1", "100 m", "1e3", "64mi", "0", "1e30", ".5", "5."],
};
const REGEXES: Texts = {
  usual: ["^/a(.*)", "[a-z]+", "v[0-9]+", "^https?://(.+)$"],
  odd: ["(", "[a", "(?=x)", "a{2,1}", "*", "\\", "(?P<n>x)", "(?<n>x)", "a{1001}", "\\p{Greek}", "`"],
};
const SECRETS: Texts = { usual: ["password", "sesame"], odd: ["a b", "x".repeat(73)] };
const STATUS: Texts = { usual: ["404", "500-599"], odd: ["99", "600", "599-500", "404,500", "4xx"] };
const MEDIA: Texts = {
  usual: ["text/html", "application/json"],
  odd: ["html", "text/", "text/html;", "*/*"],
};
const URLS: Texts = {
  usual: ["http://auth.shop.svc/verify", "https://example.org"],
  odd: ["auth.shop.svc", "ftp://x", "http://a b", "//x", "http://", "https://example.org:0"],
};
const LABELS: Texts = { usual: ["a", "x-1", "A.b_c"], odd: ["a b", "-a", "x".repeat(64), "ä", "a/b"] };
const VARIABLES: Texts = { usual: ["A", "LOG_LEVEL", "a.b"], odd: ["1A", "A B", "A=B", "", "..x"] };
const ORIGINS: Texts = { usual: ["https://example.org", "*"], odd: ["example.org", "https://example.org/"] };
const ZONES: Texts = { usual: ["Europe/Berlin", "Etc/UTC"], odd: ["Berlin", "Local", "europe/berlin"] };

/** Names of what the tests make beside the stack, see `served.ts`. */
const ELSEWHERE: Texts = { usual: ["elsewhere"] };

/** Texts by the names of keys, the most specific first; `.*` and `[]` stand for what is in a map or a list. */
const BY_KEY: readonly (readonly [RegExp, Texts])[] = [
  [/basicAuth\.secretName$|nginx\.auth-secret(\[\])?$/, { usual: ["elsewhere-users"] }],
  [/digestAuth\.secretName$/, { usual: ["elsewhere-digests"] }],
  [/[aA]ffinity.*operator$/, { usual: ["In", "Exists"], odd: ["Gt", "in", "Equal"] }],
  [/errors\.service\.name$|serversTransport$|(certificate|source)\.secretName$|(ca|cert)Secret$/, ELSEWHERE],
  [/nginx\.(auth-tls-secret|proxy-ssl-secret|default-backend)(\[\])?$/, ELSEWHERE],
  [/errors\.service\.port$/, { usual: ["http"] }],
  [/(^|\.)(hosts\[\]|host)$/, HOSTS],
  [/commonName$/, { usual: ["Slipway CA"], odd: ["", "x".repeat(65), "a\nb"] }],
  [/country$/, { usual: ["DE", "FR"], odd: ["Germany", "de", "D"] }],
  [/canary\.image$|(^|\.)image$/, IMAGES],
  [/repository$/, { usual: ["registry.example/traefik"], odd: ["Traefik", "x:1"] }],
  [/(^|\.)tag$/, { usual: ["v3.7.11"], odd: ["v 3", "-a"] }],
  [/digest$/, { usual: ["sha256:" + "0".repeat(64)], odd: ["sha256:0"] }],
  [
    /registry$/,
    { usual: ["registry.example", "registry.example:5000/lab"], odd: ["https://r", "R/x", "r:0"] },
  ],
  [/server$/, { usual: ["registry.example"], odd: ["https://r", "r/x"] }],
  [/domain$/, { usual: ["example.org"], odd: ["Example", "a_b", "example.org."] }],
  [/(regex|Regex|regex\[\]|Regex\[\])$/, REGEXES],
  [/(path|prefix|prefixes\[\]|query|liveness|readiness|startup|writable\[\])$/i, PATHS],
  [/subPath$/, { usual: ["a", "a/b"], odd: ["/a", "../a", "a/../b"] }],
  [/replacement$/, { usual: ["/$1", "https://$1"], odd: ["`", "a b", "${", "$"] }],
  [/(sourceRange\[\]|clientIps\[\]|trustedIPs\[\]|allow\[\]|excludedIPs\[\]|[sS]ourceRanges\[\])$/, NETWORKS],
  [/source-range(\[\])?$/, NETWORKS],
  [
    /addresses\[\]$|nodeAddress$|loadBalancerIP$/,
    { usual: ["192.0.2.7"], odd: ["127.0.0.1", "a", "10.0.0.1/8"] },
  ],
  [/endpoint\.address$/, { usual: ["192.0.2.7", "lab.example.org"], odd: ["http://x", "300.1.1.1", "a b"] }],
  [/(limits|requests)\.\*$|sizeLimit$|storage$/, QUANTITIES],
  [/(period|Period|Interval|Duration|timeout)$/, DURATIONS],
  [/(status|statusCodes)\[\]$/, STATUS],
  [/ContentTypes\[\]$/, MEDIA],
  [/OriginList\[\]$/, ORIGINS],
  [/Methods\[\]$|methods\[\]$/, { usual: ["GET", "POST"], odd: ["get", "G T", "*"] }],
  [/([hH]eaders|Cookies\w*)\[\]$|headerField$|requestHeaderName$/, HEADERS],
  [/forwardAuth\.address$|authSigninURL$/, URLS],
  [
    /expression$/,
    { usual: ["NetworkErrorRatio() > 0.3", "LatencyAtQuantileMS(50.0) > 100"], odd: ["always"] },
  ],
  [/retryExpression$/, { usual: ["IsNetworkError() && Attempts() < 2"], odd: ["sometimes"] }],
  [/expires$/, { usual: ["2099-01-01", "never"], odd: ["2027-02-31", "tomorrow"] }],
  [/schedule$/, { usual: ["0 3 * * *", "@daily"], odd: ["* * *", "60 * * * *", "TZ=UTC * * * * *"] }],
  [/timeZone$/, ZONES],
  [/fieldRef$/, { usual: ["metadata.name", "status.podIP"], odd: ["metadata", "spec.x"] }],
  [/resourceFieldRef$/, { usual: ["limits.cpu", "requests.memory"], odd: ["cpu"] }],
  [/users\.\*$|password$|secretEnv\.\*$/, SECRETS],
  [/htpasswd$/, { usual: ["a:$2y$05$" + "x".repeat(53)], odd: ["a", "a:b"] }],
  [/htdigest$/, { usual: ["a:traefik:" + "0".repeat(32)], odd: ["a:b"] }],
  [/(labels|nodeSelector|matchLabels)\.\*$|values\[\]$|value$/, LABELS],
  [/[aA]nnotations\.\*$/, { usual: ["a", "a b"], odd: ["x".repeat(100)] }],
  [
    /topologyKey$|spread\[\]$|LabelKeys\[\]$/,
    { usual: ["kubernetes.io/hostname", "zone"], odd: ["a b", "a/b/c"] },
  ],
  [
    /cipherSuites\[\]$/,
    { usual: ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], odd: ["AES", "TLS_AES_128_GCM_SHA256"] },
  ],
  [/rootPathEnv$/, VARIABLES],
  [/version$/, { usual: ["41.3.0"], odd: ["41", "latest", ">=41"] }],
  [/template$/, { usual: ["{}"] }],
  [/minAvailable$|maxUnavailable$|maxSurge$/, { usual: ["25%", "1"], odd: ["125%", "-1", "a%"] }],
];

/** Names for the keys of maps, by what the map holds. */
const NAMES_BY_KEY: readonly (readonly [RegExp, Texts])[] = [
  [/(env|secretEnv)$/, VARIABLES],
  [
    /(labels|[aA]nnotations|nodeSelector|matchLabels)$/,
    {
      usual: ["a", "example.org/a", "tier"],
      odd: [
        "a b",
        "/a",
        "a/b/c",
        "app.kubernetes.io/name",
        "x".repeat(64),
        "kubernetes.io/ingress.class",
        "slipway.dev/app",
      ],
    },
  ],
  [/(headers|Headers)$/, HEADERS],
  [/query$/, { usual: ["v", "a-b"], odd: ["a b", "`", ""] }],
  [/mounts$/, { usual: ["/data", "/etc/app"], odd: ["data", "/", "/data:ro", "/a/../b", "/tmp"] }],
  [/users$/, { usual: ["anna", "bob"], odd: ["a:b", "", "a b", "ä"] }],
  [/statusRewrites$/, { usual: ["418", "500-504"], odd: ["x", "700"] }],
  [
    /(limits|requests)$/,
    { usual: ["cpu", "memory"], odd: ["gpu", "example.org/gpu", "ephemeral-storage", "CPU"] },
  ],
  [/ports$/, { usual: ["http", "admin", "metrics"], odd: ["HTTP", "a--b", "x".repeat(16), "80", "web"] }],
  [/values$/, { usual: ["deployment"] }],
  [/items$/, { usual: ["a.txt"], odd: ["../a", "a b"] }],
];

const find = (table: readonly (readonly [RegExp, Texts])[], key: string, otherwise: Texts): Texts =>
  table.find(([pattern]) => pattern.test(key))?.[1] ?? otherwise;

/** Texts for a key. */
export const textsFor = (key: string): Texts => find(BY_KEY, key, NAMES);

/** Names for the entries of a map. */
export const namesFor = (key: string): Texts => find(NAMES_BY_KEY, key, NAMES);

/** Texts that are odd anywhere. */
export const ODD_TEXTS = [
  "",
  " ",
  "a b",
  "ä",
  "`",
  '"',
  "\n",
  "a\tb",
  "x".repeat(254),
  "${a}",
  "{{ a }}",
  "null",
  "-",
  "/",
  "*",
];

/** Numbers that are usual somewhere, by the names of keys. */
const NUMBERS_BY_KEY: readonly (readonly [RegExp, readonly number[]])[] = [
  [/errors\.service\.port$/, [80]],
  [/nodePort$/, [30_080, 30_443, 32_000]],
  [/weight$|cpu$|memory$|[pP]ercent$/, [0, 10, 50, 100]],
  [/statusRewrites\.\*$|responseCode$|rejectStatusCode$/, [403, 404, 503]],
  [/attempts$|minReplicas$|maxReplicas$/, [2, 3, 5]],
  [/terminationGracePeriodSeconds$/, [60, 90]],
  [/earlyRenewalDays$/, [1, 5]],
  [/validityDays$/, [30, 365]],
  [/([pP]ort|ports\.\*)$/, [80, 443, 1024, 3000, 8000, 8080, 8443, 9000, 65_535]],
];

const USUAL_NUMBERS = [1, 2, 3, 5, 10, 30, 60];

/** Numbers for a key. */
export const numbersFor = (key: string): readonly number[] =>
  NUMBERS_BY_KEY.find(([pattern]) => pattern.test(key))?.[1] ?? USUAL_NUMBERS;

/** Numbers that are odd somewhere. */
export const ODD_NUMBERS = [
  ...[0, -1, -2, 1.5, 64, 80, 100, 101, 200, 403, 503, 1000, 1024, 8080, 30_080, 32_767, 65_535, 65_536],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e30],
];
