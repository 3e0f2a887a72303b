/** The highest rate at which everything went well, found by steps up and then bisection; `held` says that no step failed. */
export type Highest = { readonly perSecond: number; readonly held: boolean };
export type SearchOptions = {
  readonly from: number;
  readonly factor: number;
  readonly bisections: number;
  readonly atMost: number;
  /** No new step begins after this, ms. */
  readonly withinMs: number;
  /** What was asked, and whether it was borne. */
  readonly clean: (perSecond: number) => Promise<boolean>;
  /** After a step that was too much: lets the server come back to itself. */
  readonly recover: () => Promise<void>;
};

export async function highestClean(options: SearchOptions): Promise<Highest> {
  const end = performance.now() + options.withinMs;
  let good = 0;
  let bad = Infinity;
  for (let rate = options.from; rate <= options.atMost && performance.now() < end; rate = Math.round(rate * options.factor)) {
    if (await options.clean(rate)) {
      good = rate;
      continue;
    }
    bad = rate;
    await options.recover();
    break;
  }
  for (let i = 0; bad < Infinity && i < options.bisections && performance.now() < end; i += 1) {
    const rate = Math.round((good + bad) / 2);
    if (await options.clean(rate)) good = rate;
    else {
      bad = rate;
      await options.recover();
    }
  }
  return { perSecond: good, held: bad === Infinity };
}
