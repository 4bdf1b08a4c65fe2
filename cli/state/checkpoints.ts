/**
 * Variables of a `destroy` that writes the state once, at its end, and not before and after each step: on a backend of files, that is most
 * of its time. Nothing is lost where it is killed: the state still has what is gone, which the next `destroy` takes for deleted, and
 * `up --refresh` makes again, with the same keys. For an `up` it would not do, since a killed one would forget the keys that it made.
 */
export const WITHOUT_CHECKPOINTS = { PULUMI_SKIP_CHECKPOINTS: "true" } as const;
