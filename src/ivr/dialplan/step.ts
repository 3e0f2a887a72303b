import { checkYaml, nearest, type Source } from '../../config/index.js';
import { error, type DialplanFault } from './faults.js';
import type { StepParams } from './params.js';
import type { StepKind } from '../machine/index.js';
import { STEP_KINDS, stepSchemas } from './schema.js';

export type Compiled = { readonly ok: true; readonly params: StepParams } | { readonly ok: false; readonly faults: readonly DialplanFault[] };
type Path = readonly PropertyKey[];

/** A step is one key with its parameters; `on_error` may stand among them, or beside the key. */
export function compileStep(source: Source, path: Path, written: unknown): Compiled {
  const refuse = (at: Path, code: string, message: string, hint?: string, key = false): Compiled =>
    ({ ok: false, faults: [error(source.fault(at, code, message, hint, key))] });
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    return refuse(path, 'dialplan.not_a_step', 'a step is one key with its parameters', 'for instance "- hang_up: {}"');
  const { on_error: beside, ...rest } = written as Record<string, unknown>;
  const keys = Object.keys(rest);
  const stranger = keys.find((k) => !isKind(k));
  if (stranger !== undefined) {
    const meant = nearest(stranger, STEP_KINDS);
    const hint = meant === undefined ? `known steps: ${STEP_KINDS.join(', ')}` : `did you mean "${meant}"?`;
    return refuse([...path, stranger], 'dialplan.unknown_step', `unknown step "${stranger}"`, hint, true);
  }
  const [kind, second] = keys;
  if (kind === undefined || !isKind(kind)) return refuse(path, 'dialplan.not_a_step', 'the step has no key that says what to do', `one of ${STEP_KINDS.join(', ')}`);
  if (second !== undefined) return refuse([...path, second], 'dialplan.two_steps', `"${kind}" and "${second}" in one step`, 'put a dash before each step', true);
  if (beside !== undefined && typeof beside !== 'string') return refuse([...path, 'on_error'], 'config.wrong_type', '"on_error" must be the name of a flow');
  return withOnError(compileParams(source, [...path, kind], kind, rest[kind]), beside, () =>
    refuse([...path, 'on_error'], 'dialplan.two_on_errors', '"on_error" is given twice for one step', 'keep one of them', true));
}

const isKind = (key: string): key is StepKind => Object.hasOwn(stepSchemas, key);

function compileParams(source: Source, path: Path, kind: StepKind, written: unknown): Compiled {
  // The step's own corner of the file, so that its schema's issues land on the right line.
  const corner: Source = { file: source.file, value: written ?? {}, fault: (inner, ...more) => source.fault([...path, ...inner], ...more) };
  const parsed = checkYaml(corner, stepSchemas[kind]);
  return parsed.ok ? { ok: true, params: parsed.value } : { ok: false, faults: parsed.faults.map(error) };
}

function withOnError(compiled: Compiled, beside: string | undefined, twice: () => Compiled): Compiled {
  if (!compiled.ok || beside === undefined) return compiled;
  return compiled.params.onError === undefined ? { ok: true, params: { ...compiled.params, onError: beside } } : twice();
}
