import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelDb } from '../../test/kit/listen.js';
import { wavOf } from '../../test/kit/material.js';
import { decode } from '../../test/kit/rtp/law.js';
import { startStrowger, type Strowger } from '../../test/kit/strowger.js';
import { embedded } from '../api.js';

/** Of each kind so many calls, one after the other. */
const CALLS = 15;
const SILENCE_S = 0.5;
const AUDIBLE_DB = -40;
const LONG = 'Thank you for calling. Your order was sent on Monday and will arrive tomorrow afternoon. If nobody is at home, a message is left at the door. For another order, please say the number of it. To speak to an agent, please hold the line.';

export interface FirstSound {
  /** Ms from the step to the first audible sample at the phone, 40 ms of silence at the head of every prompt among them. */
  readonly cached: readonly number[];
  readonly fresh: readonly number[];
  readonly long: readonly number[];
}

/** The whole product and a phone: a flow says nothing, audibly, and then something. */
export async function firstSound(): Promise<FirstSound> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  mkdirSync(join(folder, 'prompts/en'), { recursive: true });
  writeFileSync(join(folder, 'prompts/en/nothing.wav'), wavOf([new Int16Array(8_000 * SILENCE_S)]));
  const flow = (name: string, text: string): string => `  ${name}: [ { say: { en: Nothing. } }, { goto: ${name}_said } ]\n  ${name}_said: [ { say: { en: "${text}" } }, { hang_up: {} } ]\n`;
  const flows = [['5000', 'short', 'Please hold the line, your order number is seven three one.'], ['5001', 'long', LONG]] as const;
  writeFileSync(join(folder, 'main.yaml'), `version: 1\nentries: [ ${flows.map(([number, name]) => `{ number: "${number}", flow: ${name} }`).join(', ')} ]\nflows:\n${flows.map(([, name, text]) => flow(name, text)).join('')}`);
  writeFileSync(join(folder, 'recordings.yaml'), 'recording: { notice: false, calls: { queue: false, inbound: false } }\n');
  const strowger = await embedded(() => startStrowger({ dialplans: folder, config: folder, agents: 1, phones: 1 }));
  const phone = await strowger.phone('1201');
  try {
    await strowger.when<{ degraded?: readonly string[] }>('/healthz', 60_000, (h) => !(h.degraded ?? []).some((d) => d.includes('being rendered')));
    const many = async (number: string, before: () => void): Promise<number[]> => {
      const all: number[] = [];
      while (all.length < CALLS) {
        before();
        all.push(await one(strowger, phone, number));
      }
      return all;
    };
    const forget = (): void => forgetPrompts(strowger.data);
    await one(strowger, phone, '5000');
    return { cached: await many('5000', () => undefined), fresh: await many('5000', forget), long: await many('5001', forget) };
  } finally {
    await phone.close();
    await strowger.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function forgetPrompts(data: string): void {
  for (const shelf of readdirSync(join(data, 'prompts')).filter((name) => /^[0-9a-f]{2}$/.test(name))) rmSync(join(data, 'prompts', shelf), { recursive: true });
}

async function one(strowger: Strowger, phone: Awaited<ReturnType<Strowger['phone']>>, number: string): Promise<number> {
  const call = await phone.call(number);
  let heardAt = 0;
  call.media.onPayload((payload, now) => {
    if (heardAt === 0 && levelDb(decode(payload, 'ulaw')) > AUDIBLE_DB) heardAt = performance.timeOrigin + now;
  });
  await call.answered(10_000);
  await call.media.until('something audible', 20_000, () => heardAt > 0);
  await call.bye();
  const { items } = (await strowger.api<{ items: readonly { timeline: readonly { type: string; at: string; data: { flow?: string } }[] }[] }>('/v1/calls?limit=1')).body;
  const said = items[0]?.timeline.find((fact) => fact.type === 'call.flow_entered' && fact.data.flow?.endsWith('_said') === true);
  if (!said) throw new Error('the call did not reach the step that is measured');
  return heardAt - Date.parse(said.at);
}
