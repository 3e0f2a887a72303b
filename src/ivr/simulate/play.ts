import { isDeepStrictEqual } from 'node:util';
import type { DeskOrder } from '../ports.js';
import type { SimulatedCall } from './call.js';
import { matchesRequest } from './doubles.js';
import type { CaseStep } from './form.js';
import type { Line, Place } from './types.js';

/** What of a step did not come true. */
export interface Miss {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where the caller's attention is: what was heard before is not heard again. */
export interface Ear {
  heard: number;
}

/** As people compare what they hear: without spaces, marks and capitals. */
const plain = (text: string): string => text.toLowerCase().replace(/[\s\p{P}]/gu, '');

/** Does one step of a test in the call. `before`: the next step cuts short what is being said. */
export async function playStep(call: SimulatedCall, step: CaseStep, ear: Ear, cutsShort: boolean): Promise<Miss | undefined> {
  switch (step.does) {
    case 'hears': return hears(call, step.what, ear, cutsShort);
    case 'not_hears': return notHears(call, step.what, ear);
    case 'says': return says(call, step.what);
    case 'mumbles': return says(call, { text: '', confidence: 0, barge_in: false });
    case 'presses':
      if (!step.what.barge_in) await call.listen();
      if (call.ended() !== undefined) return over(call, 'press a key');
      await call.press(step.what.keys);
      return undefined;
    case 'waits':
      await call.listen();
      await call.wait(step.what * 1_000);
      return undefined;
    case 'enters': {
      await call.listen();
      const entered = call.lines().flatMap((line) => (line.kind === 'flow' ? [line.flow] : []));
      return entered.includes(step.what) ? undefined : { code: 'test.not_entered', message: `flow "${step.what}" was not entered`, hint: `entered: ${entered.join(', ')}` };
    }
    case 'knows': return knows(call, step.what);
    case 'requests': return requests(call, step.what);
    case 'orders': return orders(call, step.what);
    case 'outcome': {
      await call.listen();
      const was = call.place();
      if (await call.outcome(step.what)) return undefined;
      return { code: 'test.no_such_outcome', message: `"${JSON.stringify(step.what)}" cannot be how this ends: ${was ? placeText(was) : 'the caller is in the flow'}` };
    }
    case 'hangs_up':
      await call.listen();
      await call.hangUp();
      return undefined;
    case 'ends': return ends(call, step.what);
  }
}

const over = (call: SimulatedCall, wish: string): Miss => ({ code: 'test.over', message: `the caller cannot ${wish}: the call is over`, hint: call.ended() === 'failed' ? 'the flow failed' : 'the flow hung up' });

async function hears(call: SimulatedCall, wanted: readonly string[], ear: Ear, cutsShort: boolean): Promise<Miss | undefined> {
  for (const text of wanted) {
    const isIt = (line: Line): boolean => line.kind === 'said' && plain(line.text).includes(plain(text));
    const rest = (): readonly Line[] => call.lines().slice(ear.heard);
    if (cutsShort) await call.listenFor((line) => isIt(line) && rest().includes(line));
    else await call.listen();
    const at = rest().findIndex(isIt);
    if (at < 0) return { code: 'test.not_heard', message: `"${text}" was not heard`, hint: heardText(rest()) };
    ear.heard += at + 1;
  }
  return undefined;
}

async function notHears(call: SimulatedCall, unwanted: readonly string[], ear: Ear): Promise<Miss | undefined> {
  await call.listen();
  const said = call.lines().slice(ear.heard).flatMap((line) => (line.kind === 'said' ? [line.text] : []));
  const found = unwanted.find((text) => said.some((one) => plain(one).includes(plain(text))));
  return found === undefined ? undefined : { code: 'test.heard', message: `"${found}" was heard` };
}

function heardText(lines: readonly Line[]): string {
  const said = lines.flatMap((line) => (line.kind === 'said' ? [line.text] : []));
  return said.length === 0 ? 'nothing was said' : `said: ${said.slice(-6).join(' | ')}`;
}

async function says(call: SimulatedCall, { text, confidence, barge_in }: { readonly text: string; readonly confidence: number; readonly barge_in: boolean }): Promise<Miss | undefined> {
  if (!barge_in) await call.listen();
  if (call.ended() !== undefined) return over(call, 'say anything');
  const from = call.lines().length;
  await call.speak(text, confidence);
  const lost = call.lines().slice(from).some((line) => line.kind === 'spoke' && line.lost);
  // Speaking to a machine that does not listen is something callers do: only a test that expects an answer is told so.
  return lost && text !== '' ? { code: 'test.not_listening', message: `nobody listens to "${text}"`, hint: 'the flow takes keys here, or there is no recogniser' } : undefined;
}

async function knows(call: SimulatedCall, wanted: Readonly<Record<string, unknown>>): Promise<Miss | undefined> {
  await call.listen();
  const { variables } = call.state();
  const wrong = Object.entries(wanted).find(([name, value]) => !isDeepStrictEqual(variables[name] ?? null, value));
  return wrong && { code: 'test.not_known', message: `"${wrong[0]}" is ${JSON.stringify(variables[wrong[0]] ?? null)}, not ${JSON.stringify(wrong[1])}` };
}

async function requests(call: SimulatedCall, { request, body, times }: { readonly request: string; readonly body?: unknown; readonly times?: number | undefined }): Promise<Miss | undefined> {
  await call.listen();
  const all = call.lines().flatMap((line) => (line.kind === 'http' ? [line] : []));
  const found = all.filter((line) => matchesRequest(request, line.method, line.url));
  const asked = all.map(({ method, url }) => `${method} ${url}`).join(', ');
  if (times !== undefined && found.length !== times) return { code: 'test.not_requested', message: `${request} was requested ${found.length} times, not ${times}`, hint: `requested: ${asked === '' ? 'nothing' : asked}` };
  if (times === undefined && found.length === 0) return { code: 'test.not_requested', message: `${request} was not requested`, hint: `requested: ${asked === '' ? 'nothing' : asked}` };
  if (body !== undefined && !found.some((line) => isDeepStrictEqual(line.body, body))) return { code: 'test.wrong_body', message: `${request} was sent with ${JSON.stringify(found.at(-1)?.body)}` };
  return undefined;
}

async function orders(call: SimulatedCall, { do: wanted, with: parts = {} }: Extract<CaseStep, { does: 'orders' }>['what']): Promise<Miss | undefined> {
  await call.listen();
  const all = call.lines().flatMap((line) => (line.kind === 'desk' ? [line.order] : []));
  const fits = (order: DeskOrder): boolean => order.do === wanted && Object.entries(parts).every(([name, value]) => isDeepStrictEqual((order as Readonly<Record<string, unknown>>)[name] ?? null, value));
  return all.some(fits) ? undefined : { code: 'test.not_ordered', message: `the desk was not asked to ${wanted} so`, hint: `it was asked: ${all.length === 0 ? 'nothing' : JSON.stringify(all)}` };
}

type End = Extract<CaseStep, { does: 'ends' }>['what'];

async function ends(call: SimulatedCall, wanted: End): Promise<Miss | undefined> {
  await call.listen();
  const place = call.place();
  if (!place) return { code: 'test.not_ended', message: 'the caller is still in the flow', hint: heardText(call.lines()) };
  const wrong = (what: string): Miss => ({ code: 'test.wrong_end', message: `${what}, but ${placeText(place)}` });
  if (place.by !== wanted.by) return wrong(`expected ${wanted.by}`);
  const { queue, extension, number, language, priority, attributes } = { queue: undefined, extension: undefined, number: undefined, language: undefined, priority: undefined, attributes: undefined, ...wanted };
  if (queue !== undefined && !queuesOf(place).includes(queue)) return wrong(`expected queue "${queue}"`);
  if (extension !== undefined && !('extension' in place && place.extension === extension)) return wrong(`expected extension ${extension}`);
  if (number !== undefined && !('number' in place && place.number === number)) return wrong(`expected number ${number}`);
  if (place.by !== 'queue') return undefined;
  if (language !== undefined && place.language !== language) return wrong(`expected language ${language}`);
  if (priority !== undefined && place.priority !== priority) return wrong(`expected priority ${priority}`);
  const other = Object.entries(attributes ?? {}).find(([name, value]) => !isDeepStrictEqual(place.attributes[name], value));
  return other && wrong(`expected ${other[0]} ${JSON.stringify(other[1])}`);
}

const queuesOf = (place: Place): readonly string[] => (place.by === 'queue' ? place.queues : place.by === 'callback' ? [place.queue] : []);

/** Where a caller is, in words for faults. */
export function placeText(place: Place): string {
  switch (place.by) {
    case 'queue': return `the caller is in queue ${place.queues.join(' + ')} (priority ${place.priority}, language ${place.language ?? 'not chosen'}, ${JSON.stringify(place.attributes)})`;
    case 'dial': case 'transfer': return `${place.extension ?? place.number ?? 'nobody'} is called`;
    case 'callback': return `a callback is booked in queue ${place.queue}`;
    case 'record': return 'the caller is being recorded';
    case 'hang_up': return 'the flow hung up';
    case 'caller': return 'the caller hung up';
    case 'failed': return 'the flow failed, with an apology';
  }
}
