/**
 * Leaves stack traces to Node.js, which keeps every position when it strips types. The SDK's runner has them mapped by
 * source-map-support, and takes a trace of every promise and resource: a sixth of the program's time, for the same lines.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
