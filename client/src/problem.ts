import type { components } from './openapi.js';

export type Problem = components['schemas']['Problem'];

/** The house refused, or failed. `problem.code` is stable: decide by it, show `hint` to whoever can act. */
export class StrowgerProblem extends Error {
  override readonly name = 'StrowgerProblem';
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.title);
  }
  get code(): string {
    return this.problem.code;
  }
  get hint(): string | null {
    return this.problem.hint;
  }
}

/** Whatever stands between us and the house may answer in its own words. */
export async function problemOf(response: Response): Promise<StrowgerProblem> {
  const text = await response.text();
  return new StrowgerProblem(response.status, shaped(response.status, text));
}

function shaped(status: number, text: string): Problem {
  const found = parsed(text);
  if (typeof found === 'object' && found !== null && 'code' in found && 'title' in found) return found as Problem;
  return { type: 'about:blank', title: `the answer was ${status}, and not the API's own`, status, code: 'not_the_api', hint: text.slice(0, 200) || null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page: told as such
  }
}

type Asked<D> = Promise<{ readonly data?: D; readonly response: Response }>;
type Given<D> = Exclude<D, undefined>;
/** What was answered; nothing where there is nothing to say (204). The client has thrown before, where it was refused. */
export async function answer<D>(asked: Asked<D>): Promise<Given<D>> {
  return (await asked).data as Given<D>;
}
