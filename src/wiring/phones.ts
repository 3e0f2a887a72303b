import type { AgentId } from '../acd/index.js';
import type { Call, Choice } from '../calls/index.js';
import { destinationOf, goesOn, type OutboundAttempt, type Sip } from '../sip/index.js';
import { headerOfCaller } from './customers/index.js';
import type { Reach } from './reach.js';
import type { AgentPhones } from './queue/index.js';
import type { Voice } from './voice.js';

/** Who a phone sees calling. */
interface Shown {
  readonly number: string;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The phones of an extension, as places to ring at once. */
function phoneChoices(voice: Voice, sip: Sip, extension: string, shown: Shown): Choice[] {
  return sip.location.lookup(extension).map((binding) => ({
    destination: {
      ...destinationOf(binding),
      headers: { From: fromHeader(shown, voice.settings.publicAddress), ...shown.headers },
      label: `${extension} at ${binding.address}:${binding.port}`,
    },
  }));
}

/** `"support" <sip:+8613800138000@192.0.2.1>`; what cannot stand in a user part is escaped (RFC 3261 §25.1). */
export function fromHeader({ number, name }: Pick<Shown, 'number' | 'name'>, host: string): string {
  const user = encodeURIComponent(number === '' ? 'anonymous' : number).replaceAll('%2B', '+');
  const display = name === '' ? '' : `"${name.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[\r\n]/g, ' ')}" `;
  return `${display}<sip:${user}@${host.includes(':') ? `[${host}]` : host}>`;
}

export const agentPhones = (voice: Voice, sip: Sip): AgentPhones => ({
  choices(agent: AgentId, shown) {
    const extension = voice.config().agents.find((a) => a.id === agent)?.extension;
    return extension === undefined ? [] : phoneChoices(voice, sip, extension, shown);
  },
});

/** All phones of an extension ring. */
export function toExtension(voice: Voice, sip: Sip, call: Call, extension: string, ringMs = voice.config().system.ringTimeoutMs): Reach {
  const name = voice.config().extensions.find((e) => e.number === call.from)?.name ?? '';
  return {
    plan: {
      order: 'all',
      choices: phoneChoices(voice, sip, extension, { number: call.from, name, headers: { 'X-Strowger-Call': call.id, ...headerOfCaller(voice.callers?.of(call)) } }),
      ringMs,
      provisionalMs: ringMs,
      goesOn: () => false,
    },
    about: { extension },
    recordedAs: call.direction === 'inbound' ? 'inbound' : 'internal',
  };
}

/** Trunk hosts in turn, each within the limits of its trunk; what becomes of an attempt counts for the host's health. */
export function toTrunks(voice: Voice, sip: Sip, call: Call, number: string, attempts: readonly OutboundAttempt[], ringMs = voice.config().system.ringTimeoutMs): Reach {
  const note = (a: OutboundAttempt, outcome: 'tried' | 'answered' | 'next' | 'ended', status?: number): void => {
    voice.events.publish('trunk.attempt', `call:${call.id}`, { trunk: a.trunk, host: a.host, outcome, ...(status === undefined ? {} : { status }) });
  };
  const choice = (a: OutboundAttempt): Choice => ({
    destination: {
      uri: a.uri,
      headers: { ...a.headers },
      label: a.label,
      ...(a.credentials ? { auth: { username: a.credentials.username, password: a.credentials.password.reveal() } } : {}),
    },
    admit() {
      const line = sip.trunks.admit(a.trunk, a.emergency);
      if (line) {
        note(a, 'tried');
        call.note({ trunk: a.trunk });
      }
      return line;
    },
    onEnd(how) {
      const status = how.type === 'answered' ? 200 : how.status;
      if (status !== 487) sip.trunks.report(a.trunk, a.host, status);
      note(a, how.type === 'answered' ? 'answered' : goesOn(status) ? 'next' : 'ended', status);
    },
  });
  return {
    plan: { order: 'sequence', choices: attempts.map(choice), ringMs, provisionalMs: voice.config().system.provisionalTimeoutMs, goesOn: (status) => goesOn(status) || status === 503 },
    about: { to: number },
    recordedAs: 'outbound',
  };
}
