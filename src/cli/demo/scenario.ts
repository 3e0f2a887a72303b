import { setTimeout as pause } from 'node:timers/promises';
import { toneAmplitude } from '../../audio/index.js';
import type { Address } from '../../config/index.js';
import { until, type Call, type DemoClient } from './client.js';
import { within } from './deferred.js';
import { openDemoPhone, type DemoPhone } from './phone.js';
import type { words } from './words.js';

export const CALLER_HZ = 600;
export const AGENT_HZ = 1_000;
const TALK_MS = 5_000;
const PROMPTS_MS = 15_000;
/** A tone is heard from a tenth of full scale on. */
const HEARD = 3_276;

export type Scene = {
  readonly server: Address;
  readonly password: string;
  readonly client: DemoClient;
  readonly say: (what: keyof typeof words, values?: Readonly<Record<string, string>>) => void;
};
export type Outcome = { readonly call: Call; readonly wav: Uint8Array; readonly agentHears: boolean; readonly callerHears: boolean };

/** The demo call: 1201 dials 4000, presses 1, agent 1001 answers, they talk, the caller hangs up. @throws DemoFailed */
export async function play(scene: Scene): Promise<Outcome> {
  const phones: DemoPhone[] = [];
  const open = async (user: string, hz: number): Promise<DemoPhone> => {
    const phone = await openDemoPhone({ server: scene.server, user, password: scene.password, hz });
    phones.push(phone);
    await phone.register();
    return phone;
  };
  try {
    const [agent, caller] = [await open('1001', AGENT_HZ), await open('1201', CALLER_HZ)];
    scene.say('registered');
    scene.say('tones', { caller: String(CALLER_HZ), agent: String(AGENT_HZ) });
    await preparedPrompts(scene);
    return await converse(scene, caller, agent);
  } finally {
    await Promise.all(phones.map((phone) => phone.close()));
  }
}

/** A first start renders its prompts once. Who calls earlier waits for them in the call, which a busy machine makes long. */
async function preparedPrompts({ client, say }: Scene): Promise<void> {
  for (const end = performance.now() + PROMPTS_MS; performance.now() < end; await pause(100)) {
    if (!(await client.degraded()).some((line) => line.startsWith('prompts: being'))) break;
  }
  say('prompts');
}

async function converse({ say, client }: Scene, caller: DemoPhone, agent: DemoPhone): Promise<Outcome> {
  say('dials');
  const outgoing = await within(10_000, 'an answer from 4000', caller.call('4000'));
  await until('the menu', 20_000, () => Promise.resolve(outgoing.media.packets() > 50 || undefined)); // a second of the greeting
  say('presses');
  outgoing.media.press('1');
  const ringing = await within(20_000, 'the agent\'s phone ringing', agent.ringing);
  say('rings', { from: /sip:([^@>]+)/.exec(ringing.header('From') ?? '')?.[1] ?? '?', call: ringing.header('X-Strowger-Call') ?? '?' });
  await pause(1_000); // nobody picks up at once
  say('answers');
  const incoming = ringing.answer();
  await pause(TALK_MS);
  const hears = (samples: Int16Array, hz: number) => toneAmplitude(samples, hz, 8_000) > HEARD;
  const agentHears = hears(incoming.media.heard(), CALLER_HZ);
  const callerHears = hears(outgoing.media.heard(), AGENT_HZ);
  say('hangsUp');
  await within(5_000, 'an answer to BYE', outgoing.hangUp());
  await within(5_000, 'BYE at the agent\'s phone', incoming.ended);
  const id = (await until('the call in the API', 2_000, () => client.newestCall())).id;
  const wav = await until('the recording', 5_000, () => client.recording(id));
  const call = await until('the end of the call', 5_000, async () => {
    const now = await client.call(id);
    return now.state === 'ended' ? now : undefined;
  });
  return { call, wav, agentHears, callerHears };
}
