import { parseArgs } from 'node:util';
import { acd } from './acd.js';
import { api } from './api.js';
import { beside } from './beside.js';
import { chat } from './chat.js';
import { customers } from './customers.js';
import { finding } from './finding.js';
import { insight } from './insight.js';
import { ivr } from './ivr.js';
import { watchMachine, type MachineWatch } from './machine.js';
import { media } from './media.js';
import { nlu } from './nlu.js';
import { queue } from './queue.js';
import { table, type Findings, type Report } from './report.js';
import { signalling } from './signalling.js';
import { speech } from './speech.js';
import { tts } from './tts.js';
import { SOURCE } from './yardsticks.js';

const BENCHES: Readonly<Record<string, (machine: MachineWatch) => Promise<Findings>>> = { signalling, media, queue, acd, api, chat, customers, finding, insight, beside, ivr, speech, tts, nlu };
const USAGE = `usage: npm run bench [-- NAME] [--json]   NAME: ${Object.keys(BENCHES).join(', ')}`;

/** 0: measured; 1: the load itself went wrong, so the figures are of something else; 2: wrong use. */
async function main(argv: readonly string[]): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({ args: [...argv], options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new WrongUse('one name at most');
  if (name !== undefined && !(name in BENCHES)) throw new WrongUse(`there is no bench ${name}`);
  const reports: Report[] = [];
  for (const one of name === undefined ? Object.keys(BENCHES) : [name]) {
    const report = await run(one);
    reports.push(report);
    if (!values.json) process.stdout.write(`${table(report)}\n\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(name === undefined ? reports : reports[0], null, 2)}\n`);
  else process.stdout.write(`yardsticks: ${SOURCE}\n`);
  return reports.some((report) => report.faults.length > 0) ? 1 : 0;
}

async function run(name: string): Promise<Report> {
  const began = performance.now();
  const machine = watchMachine();
  const findings = await BENCHES[name]?.(machine);
  if (findings === undefined) throw new WrongUse(`there is no bench ${name}`);
  return { name, at: new Date().toISOString(), seconds: (performance.now() - began) / 1000, machine: machine.end(), ...findings };
}

class WrongUse extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const wrongUse = error instanceof WrongUse || code.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${wrongUse ? `${USAGE}\n` : ''}`);
  process.exitCode = wrongUse ? 2 : 1;
}
