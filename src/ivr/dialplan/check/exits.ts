import type { DialplanFile, PlacedStep } from '../file.js';
import { isMap, writtenAt, type Path } from './placed.js';

export type Exit = readonly [flow: string, path: Path];

/** Every way from a step to another flow, with where it is written. */
export function* exits(file: DialplanFile, { step, path }: PlacedStep): Generator<Exit> {
  switch (step.do) {
    case 'goto':
    case 'call':
      yield [step.flow, [...path, 'flow']];
      break;
    case 'transfer':
      if ('flow' in step.to) yield [step.to.flow, [...path, 'flow']];
      break;
    case 'ask':
      for (const [key, flow] of Object.entries(step.keys)) yield [flow, [...path, 'keys', key]];
      for (const [intent, { flow }] of Object.entries(step.intents)) yield [flow, [...path, 'intents', intent, ...(isMap(writtenAt(file, [...path, 'intents', intent])) ? ['flow'] : [])]];
      break;
    case 'branch': {
      const cases = isMap(writtenAt(file, path)) ? [...path, 'cases'] : path;
      for (const [i, { flow }] of step.cases.entries()) yield [flow, [...cases, i, 'then']];
      break;
    }
    case 'hours':
      for (const way of ['open', 'closed', 'holiday'] as const) if (step[way] !== undefined) yield [step[way], [...path, way]];
      break;
    default:
  }
  if ('otherwise' in step && step.otherwise !== undefined && step.do !== 'language') yield [step.otherwise, otherwiseAt(file, path)];
  if (step.onError !== undefined) yield [step.onError, isMap(writtenAt(file, path)) && writtenAt(file, [...path, 'on_error']) !== undefined ? [...path, 'on_error'] : [...path.slice(0, -1), 'on_error']];
}

/** Among the step's keys, or the last of a list of conditions. */
function otherwiseAt(file: DialplanFile, path: Path): Path {
  const written = writtenAt(file, path);
  return Array.isArray(written) ? [...path, written.length - 1, 'otherwise'] : [...path, 'otherwise'];
}
