import type { CountryCode } from 'libphonenumber-js';
import { bestMatch, type Config, type DidTarget, type ExtensionConfig, type TrunkConfig } from '../../config/index.js';
import { extensionOf } from '../directory.js';
import { internationalPolicy, readNumber } from './e164.js';
import type { Random } from './order.js';
import { outboundAttempts, type HostUp, type OutboundAttempt } from './outbound.js';

/** Who calls, once identified. */
export type Caller =
  | { readonly kind: 'extension'; readonly extension: ExtensionConfig }
  | { readonly kind: 'trunk'; readonly trunk: TrunkConfig; readonly from: string };

/** What an agent does by dialling a code. */
export type Feature = keyof Config['system']['features'];

/** Where a dialled number leads. `number` of an entry is the pattern under which the dialplan holds it. */
export type Resolution =
  | { readonly to: 'entry'; readonly number: string; readonly dialled: string; readonly did: string | undefined }
  | { readonly to: 'extension'; readonly extension: ExtensionConfig; readonly did: string | undefined }
  | { readonly to: 'feature'; readonly feature: Feature }
  | { readonly to: 'outbound'; readonly number: string; readonly emergency: boolean; readonly attempts: readonly OutboundAttempt[] }
  | { readonly to: 'refused'; readonly status: 403 | 404 | 484 | 503; readonly why: string };

export interface Explained {
  readonly resolution: Resolution;
  /** Each thing that was looked at, in order, in a sentence. */
  readonly steps: readonly string[];
}
export interface PlanContext {
  readonly config: Config;
  /** Numbers and patterns of the dialplan's entries. */
  readonly entries: readonly string[];
  readonly up: HostUp;
  readonly random: Random;
}

/** The number plan. Emergency numbers come before everything else, and nothing refuses them but the want of a trunk. */
export function explain(dialled: string, caller: Caller, context: PlanContext): Explained {
  const steps: string[] = [];
  const say = (text: string): void => void steps.push(text);
  const resolution = caller.kind === 'trunk' ? fromTrunk(dialled, caller.trunk, context, say) : fromExtension(dialled, caller.extension, context, say);
  if (resolution.to === 'refused') say(`refused with ${resolution.status}: ${resolution.why}`);
  return { resolution, steps };
}
export const resolve = (dialled: string, caller: Caller, context: PlanContext): Resolution => explain(dialled, caller, context).resolution;

/** A number outside that a flow dials: no extension's rights apply, the system's policy does. */
export function explainOutbound(dialled: string, context: PlanContext): Explained {
  const steps: string[] = [];
  const resolution = outbound(dialled, undefined, context.config.system.emergencyNumbers.includes(dialled), context, (text) => void steps.push(text));
  return { resolution, steps };
}

type Say = (text: string) => void;
const refused = (status: 403 | 404 | 484 | 503, why: string): Resolution => ({ to: 'refused', status, why });

function fromExtension(dialled: string, from: ExtensionConfig, context: PlanContext, say: Say): Resolution {
  const { config, entries } = context;
  const { features, emergencyNumbers } = config.system;
  if (dialled === '') return refused(484, 'nothing was dialled');
  if (emergencyNumbers.includes(dialled)) {
    say(`${dialled} is an emergency number`);
    return outbound(dialled, from, true, context, say);
  }
  const feature = (Object.keys(features) as Feature[]).find((one) => features[one] === dialled);
  if (feature !== undefined) {
    say(`${dialled} is a feature code`);
    return { to: 'feature', feature };
  }
  const extension = extensionOf(config, dialled);
  if (extension) {
    say(`${dialled} is the extension of ${extension.name}`);
    return { to: 'extension', extension, did: undefined };
  }
  const entry = bestMatch(entries, (e) => e, dialled);
  if (entry !== undefined) {
    say(`${dialled} is entry ${entry} of the dialplan`);
    return { to: 'entry', number: entry, dialled, did: undefined };
  }
  say(`${dialled} is no feature, extension or entry: a number outside`);
  return outbound(dialled, from, false, context, say);
}

function outbound(dialled: string, from: ExtensionConfig | undefined, emergency: boolean, context: PlanContext, say: Say): Resolution {
  const { config } = context;
  const reading = readNumber(dialled, config.system.homeCountry);
  if (!emergency) {
    if (reading.e164 !== undefined) say(`read as ${reading.e164}${reading.abroad ? ', abroad' : ''}`);
    if (from?.mayCall.outside === false) return refused(403, `extension ${from.number} may not call outside: extensions.yaml, may_call.outside`);
    if (reading.abroad && !reading.broken && from?.mayCall.international === false) return refused(403, `extension ${from.number} may not call abroad: extensions.yaml, may_call.international`);
    const policy = internationalPolicy(reading, config.system);
    if (!policy.allowed) return refused(reading.broken ? 404 : 403, policy.why);
  }
  const attempts = outboundAttempts(config, { dialled, from, emergency }, context.up, context.random);
  for (const a of attempts) say(`by ${a.label} as ${a.uri}, caller ${a.callerId}${context.up(a.trunk, a.host) ? '' : ' (host is down)'}`);
  if (attempts.length === 0) return refused(emergency ? 503 : 404, emergency ? 'no trunk takes emergency calls: trunks.yaml, outbound or emergency: true' : `no trunk has an outbound pattern for ${reading.e164 ?? reading.dialled}`);
  return { to: 'outbound', number: reading.e164 ?? reading.dialled, emergency, attempts };
}

/** The spellings under which a carrier's number is looked for among a trunk's own. */
function spellings(dialled: string, home: CountryCode): string[] {
  const bare = /^\d{7,15}$/.test(dialled) ? readNumber(`+${dialled}`, home).e164 : undefined;
  return [...new Set([dialled, readNumber(dialled, home).e164, bare])].filter((n) => n !== undefined);
}

/** Which of a trunk's `numbers` was called, and as what. */
export function didOf(trunk: TrunkConfig, dialled: string, home: CountryCode): { readonly did: string; readonly pattern: string; readonly target: DidTarget } | undefined {
  for (const did of spellings(dialled, home)) {
    const number = bestMatch(trunk.numbers, (n) => n.pattern, did);
    if (number) return { did, ...number };
  }
  return undefined;
}

/** A trunk reaches what its `numbers` say, and nothing else: no call goes in by one carrier and out by another. */
function fromTrunk(dialled: string, trunk: TrunkConfig, { config, entries }: PlanContext, say: Say): Resolution {
  say(`trunk ${trunk.name} sent ${spellings(dialled, config.system.homeCountry).join(', also read as ')}`);
  const found = didOf(trunk, dialled, config.system.homeCountry);
  if (!found) return refused(404, `trunk ${trunk.name} has no number that matches`);
  const { did, pattern, target } = found;
  if ('extension' in target) {
    const extension = extensionOf(config, target.extension);
    say(`its number ${pattern} leads to extension ${target.extension}`);
    return extension ? { to: 'extension', extension, did } : refused(404, `extension ${target.extension} does not exist`);
  }
  const entry = bestMatch(entries, (e) => e, target.entry);
  say(`its number ${pattern} leads to entry ${target.entry}`);
  return entry === undefined ? refused(404, `the dialplan has no entry ${target.entry}`) : { to: 'entry', number: entry, dialled: target.entry, did };
}
