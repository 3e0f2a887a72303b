import type { DialplanFile } from '../dialplan/file.js';
import type { Visit } from './types.js';

export interface MissedStep {
  readonly flow: string;
  /** From 1. */
  readonly step: number;
  readonly do: string;
  readonly line: number;
  readonly column: number;
}
export interface Coverage {
  readonly dialplan: string;
  readonly steps: number;
  readonly reached: number;
  readonly missed: readonly MissedStep[];
}

/** Which steps of which flows calls have come to. */
export function createCoverage() {
  const seen = new Map<string, { readonly file: DialplanFile; readonly steps: Set<string> }>();
  return {
    add(name: string, file: DialplanFile, visits: readonly Visit[]): void {
      const known = seen.get(name) ?? { file, steps: new Set<string>() };
      for (const { flow, index } of visits) known.steps.add(`${flow}/${index}`);
      seen.set(name, known);
    },
    report: (): Coverage[] => [...seen].map(([dialplan, { file, steps }]) => coverageOf(dialplan, file, steps)),
  };
}

function coverageOf(dialplan: string, file: DialplanFile, seen: ReadonlySet<string>): Coverage {
  const all = [...file.placed].flatMap(([flow, placed]) => placed.map(({ step, path }, index) => ({ flow, index, step, path })));
  const missed = all.filter(({ flow, index }) => !seen.has(`${flow}/${index}`)).map(({ flow, index, step, path }): MissedStep => {
    const { line, column } = file.source.fault(path, '', '', undefined, true);
    return { flow, step: index + 1, do: step.do, line, column };
  });
  return { dialplan, steps: all.length, reached: all.length - missed.length, missed };
}
