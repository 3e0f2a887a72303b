import type { Call, Phone } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder } from './house.js';

export type PickUps = { rounds: number; readonly faults: string[]; readonly firstWon: number; readonly seconds: number };

/** Each lane is a queue of its own that rings both of its agents at once. */
async function houseOf(lanes: number): Promise<Strowger> {
  const all = Array.from({ length: lanes }, (_, i) => i);
  const strowger = await startStrowger({
    agents: 0, phones: lanes, env: { KIT_PASSWORD: 'kit-password' },
    config: folder({
      'recordings.yaml': 'recording: { notice: false, calls: { queue: false } }\n',
      'system.yaml': 'log_level: warn\n',
      'queues.yaml': `queues:\n${all.map((i) => `  - { name: lane${i}, strategy: ring_all, max_unanswered: 0, announce_position_seconds: 0, pause: { unreachable_seconds: 0.1 } }\n`).join('')}`,
      'extensions.yaml': `extensions:\n${all.flatMap((i) => [0, 1].map((k) => `  - { number: "${agent(i, k)}", password: "\${KIT_PASSWORD}" }\n`)).join('')}`,
      'agents.yaml': `agents:\n${all.flatMap((i) => [0, 1].map((k) => `  - { id: "${agent(i, k)}", extension: "${agent(i, k)}", queues: [lane${i}] }\n`)).join('')}`,
    }),
    dialplans: folder({
      'main.yaml': ['version: 1', 'entries:', ...all.map((i) => `  - { number: "${4100 + i}", flow: to${i} }`), 'flows:', ...all.map((i) => `  to${i}: [ { set: { language: en } }, { queue: { name: lane${i} } }, { hang_up: {} } ]`), ''].join('\n'),
    }),
  });
  await until('the prompts', 90_000, async () => !(await (await strowger.raw('/healthz')).text()).includes('being rendered'), 250);
  return strowger;
}
const agent = (lane: number, k: number): string => String(2000 + 2 * lane + k);

/** Both agents of a lane pick up in the same turn, again and again, on the wire: one has the call, the other hears BYE. */
export async function racePickUps({ rounds, lanes }: { readonly rounds: number; readonly lanes: number }): Promise<PickUps> {
  const strowger = await houseOf(lanes);
  const outcome = { rounds: 0, faults: [] as string[], firstWon: 0, seconds: 0 };
  const began = performance.now();
  const lane = async (i: number): Promise<void> => {
    const agents = await Promise.all([0, 1].map((k) => strowger.phone(agent(i, k), { password: 'kit-password', keep: false })));
    const caller = await strowger.phone(String(1201 + i), { keep: false });
    while (outcome.rounds < rounds) {
      outcome.rounds += 1;
      const result = await round(agents, caller, String(4100 + i), outcome.rounds % 2 === 0).catch((error: unknown) => String(error));
      if (typeof result === 'string') outcome.faults.push(`lane ${String(i)}, round ${String(outcome.rounds)}: ${result}`);
      else if (result.won === 'first') outcome.firstWon += 1;
      if (outcome.faults.length > 20) return;
    }
    await Promise.all([...agents, caller].map((phone) => phone.close()));
  };
  try {
    await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
    outcome.seconds = (performance.now() - began) / 1000;
    for (const gauge of ['calls_active', 'media_endpoints', 'acd_agents_leaked']) await until(`no ${gauge}`, 60_000, async () => (await strowger.metric(`strowger_${gauge}`)) === 0, 250);
  } finally {
    await strowger.stop();
  }
  return outcome;
}

/** Answers which of the two phones had the call, or what was wrong. */
async function round(agents: readonly Phone[], caller: Phone, to: string, swapped: boolean): Promise<{ readonly won: 'first' | 'second' } | string> {
  const call = await caller.call(to);
  await call.answered(30_000);
  call.media.stop();
  const offered = await Promise.all(agents.map((phone) => phone.nextCall(30_000)));
  const [first, second] = offered;
  if (!first || !second) return 'two phones should ring';
  for (const one of swapped ? [second, first] : [first, second]) one.answer();
  offered.forEach((one) => { one.media.stop(); });
  const left = (): readonly Call[] => offered.filter((one) => one.state() !== 'ended');
  await until('one to lose', 30_000, () => left().length < 2, 5);
  const [winner] = left();
  if (!winner) return 'both lost';
  const loser = winner === first ? second : first;
  if (loser.end()?.by !== 'them' && loser.end()?.by !== 'cancelled') return `the loser ended by ${String(loser.end()?.by)}`;
  if (call.state() !== 'talking') return 'the caller was lost';
  // The caller: an agent who hangs up before the bridge stands only sends him back into the queue.
  await call.bye();
  if ((await winner.ended(30_000)).by !== 'them') return 'the winner was not told of the end';
  return { won: winner === first ? 'first' : 'second' };
}
