/** Those who are let in, by what they showed, and the signals that fire when they are out. */
export interface Gone {
  /** The same signal for the same credential, until it fires. `user`: whose it is. */
  signal(credential: string, user: string | null): AbortSignal;
  /** That key or session is over. */
  end(credential: string): void;
  /** Everything of that user is over, or is worth asking for anew because he may other things now. */
  endUser(user: string): void;
  endAll(): void;
  credentials(): readonly string[];
}

export function createGone(): Gone {
  const held = new Map<string, { readonly controller: AbortController; readonly user: string | null }>();
  const fire = (credential: string): void => {
    const entry = held.get(credential);
    held.delete(credential);
    entry?.controller.abort();
  };
  return {
    signal(credential, user) {
      const entry = held.get(credential) ?? { controller: new AbortController(), user };
      held.set(credential, entry);
      return entry.controller.signal;
    },
    end: fire,
    endUser: (user) => [...held].filter(([, entry]) => entry.user === user).forEach(([credential]) => fire(credential)),
    endAll: () => [...held.keys()].forEach(fire),
    credentials: () => [...held.keys()],
  };
}
