import { nearest } from '../../../config/index.js';
import { compile } from '../../expressions/index.js';
import { readTemplate, SCOPE_NAMES, VARIABLE, type Step } from '../../machine/index.js';
import type { DialplanFault } from '../faults.js';
import type { DialplanFile } from '../file.js';
import { each, type Slices } from '../slices.js';
import { errorIn, isMap, placedSteps, warningIn, writtenAt, type Known, type Path } from './placed.js';

/** Of the call; absent where it came over no trunk. */
const GIVEN = ['from', 'to', 'language', 'trunk', 'did'];
/** What is found in sentences without any list of the designer's. */
const FOUND = ['number', 'ordinal', 'date', 'time', 'money', 'phone', 'order_id'];

/** The variables that a step may set. */
function setBy(step: Step): readonly string[] {
  switch (step.do) {
    case 'set': return Object.keys(step.variables);
    case 'collect': case 'record': case 'ticket': return [step.into];
    case 'http': return ['http_status', ...Object.keys(step.save), ...Object.keys(step.fallback ?? {})];
    case 'call': return Object.keys(step.args);
    case 'survey': return step.questions.map((q) => q.name);
    case 'hours': return ['open', 'holiday'];
    case 'script': return step.into === undefined ? [] : [step.into];
    case 'ask': return Object.keys(step.intents).length === 0 ? [] : ['intent', 'heard', ...Object.values(step.intents).flatMap((way) => Object.keys(way.slots))];
    default: return [];
  }
}

/** A name in a text, an expression or an attribute of which no step and no call knows anything: there would never be a value. */
export function* unknownVariables(file: DialplanFile, { entities = FOUND }: Known): Slices<DialplanFault[]> {
  const steps = placedSteps(file);
  const spoken = steps.some(({ step }) => step.do === 'ask' && Object.keys(step.intents).length > 0);
  const known = [...new Set([...GIVEN, ...(yield* each(steps, ({ step }) => setBy(step))), ...(spoken ? entities : [])])];
  const all = new Set<string>([...known, ...SCOPE_NAMES]);
  return yield* each(steps, ({ path }) => [...uses(writtenAt(file, path), path)].flatMap(({ name, at, dollar }) => {
    if (all.has(name)) return [];
    const meant = nearest(name, known);
    return [errorIn(file)(at, 'dialplan.unknown_variable', `nothing sets "${dollar}${name}"`, meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${dollar}${meant}"?`)];
  }));
}

/** Keys under which nothing is a text with variables in it. */
const PLAIN = new Set(['keys', 'save', 'check', 'words', 'fallback', 'skills', 'on_error', 'otherwise', 'then', 'flow', 'calendar', 'file', 'name', 'names', 'headers']);

interface Use { readonly name: string; readonly at: Path; readonly dollar: '$' | '' }
function* uses(written: unknown, path: Path): Generator<Use> {
  if (typeof written === 'string') {
    yield* inText(written, path);
  } else if (Array.isArray(written)) {
    for (const [i, one] of written.entries()) yield* uses(one, [...path, i]);
  } else if (isMap(written)) {
    for (const [key, one] of Object.entries(written)) {
      const at = [...path, key];
      if (key === 'when' && typeof one === 'string') yield* inExpression(one, at);
      else if (key === 'headers' && isMap(one)) for (const [name, text] of Object.entries(one)) yield* uses(text, [...at, name]);
      else if (key === 'attributes' && isMap(one)) for (const [name, value] of Object.entries(one)) yield* inAttribute(value, [...at, name]);
      else if (!PLAIN.has(key) || (path.at(-1) === 'variables' || path.at(-1) === 'args')) yield* uses(one, at);
    }
  }
}

function* inExpression(written: string, at: Path): Generator<Use> {
  const compiled = compile(written);
  if (compiled.ok) for (const name of compiled.names) yield { name, at, dollar: '' };
}

function* inText(written: string, at: Path): Generator<Use> {
  const read = readTemplate(written);
  if (read.ok) for (const name of read.names) yield { name, at, dollar: written.includes(`$${name}`) ? '$' : '' };
}

/** Attributes are words: `$name` alone is a variable. */
function* inAttribute(written: unknown, at: Path): Generator<Use> {
  for (const word of [written].flat()) if (typeof word === 'string' && VARIABLE.test(word)) yield { name: word.slice(1), at, dollar: '$' };
}

/** Secrets that requests name and nobody has set. */
export function missingSecrets(file: DialplanFile, { secrets }: Known): DialplanFault[] {
  if (!secrets) return [];
  return placedSteps(file).flatMap(({ step, path }) => {
    if (step.do !== 'http') return [];
    const headers = writtenAt(file, [...path, 'headers']);
    return Object.entries(isMap(headers) ? headers : {}).flatMap(([header, text]) => {
      const read = typeof text === 'string' ? readTemplate(text) : undefined;
      return (read?.ok ? read.secrets : []).filter((name) => !secrets(name)).map((name) =>
        warningIn(file)([...path, 'headers', header], 'dialplan.missing_secret', `\${${name}} is not set`, `set ${name} in the environment or in config/secrets.env`));
    });
  });
}
