/** One connected application. */
export interface App {
  readonly name: string;
  /** False from the moment its connection is gone. */
  readonly connected: boolean;
  readonly tags: ReadonlySet<string>;
  send(frame: Buffer): void;
}

/** Which application is asked for which method, in turn (drachtio-server's round robin). */
export interface Apps {
  /** `verb` as the wire has it: a method in lower case, `*`, or `cdr:start` and its like. */
  route(app: App, verb: string): void;
  unroute(app: App, verb: string): void;
  forget(app: App): void;
  /** The next application that registered for the method, or for `*` when none did. */
  select(method: string): App | undefined;
  /** Whether anybody would take it, without using up a turn. */
  wanted(verb: string): boolean;
}

export function createApps(): Apps {
  const routes = new Map<string, App[]>();
  const turns = new Map<string, number>();
  const drop = (app: App, verb: string): void => {
    const left = (routes.get(verb) ?? []).filter((one) => one !== app);
    if (left.length > 0) routes.set(verb, left);
    else {
      routes.delete(verb);
      turns.delete(verb);
    }
  };
  const next = (verb: string): App | undefined => {
    const apps = routes.get(verb);
    if (apps === undefined) return undefined;
    const turn = turns.get(verb) ?? 0;
    turns.set(verb, (turn + 1) % apps.length);
    return apps[turn % apps.length];
  };
  return {
    route(app, verb) {
      const apps = routes.get(verb);
      if (apps === undefined) routes.set(verb, [app]);
      else if (!apps.includes(app)) apps.push(app);
    },
    unroute: drop,
    forget(app) {
      for (const verb of [...routes.keys()]) drop(app, verb);
    },
    select: (method) => next(method.toLowerCase()) ?? next('*'),
    wanted: (verb) => routes.has(verb),
  };
}
