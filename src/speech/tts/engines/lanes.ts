/** Runs so many jobs at a time; of those that wait, urgent ones first. */
export interface Lanes {
  run<T>(urgent: boolean, job: () => Promise<T>): Promise<T>;
}

export function createLanes(width: number): Lanes {
  const waiting = { urgent: [] as (() => void)[], later: [] as (() => void)[] };
  let running = 0;
  const leave = (): void => {
    const next = waiting.urgent.shift() ?? waiting.later.shift();
    if (next) next();
    else running -= 1;
  };
  const enter = (urgent: boolean): Promise<void> => {
    if (running >= width) return new Promise((resolve) => waiting[urgent ? 'urgent' : 'later'].push(resolve));
    running += 1;
    return Promise.resolve();
  };
  return {
    async run(urgent, job) {
      await enter(urgent);
      try {
        return await job();
      } finally {
        leave();
      }
    },
  };
}
