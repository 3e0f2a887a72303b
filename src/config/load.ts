import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { accessFile, type AccessConfig } from './access.js';
import { agentsFile, toAgent, type AgentConfig } from './agents.js';
import { alertsFile, strangeQueues, toAlert, type AlertConfig, type AlertForm } from './alerts.js';
import { chatFile, toChat, type ChatConfig } from './chat.js';
import { checkAcd, type AcdForms, type AcdIssue } from './check-acd.js';
import { demoAgents, demoExtensions, type Demo } from './demo.js';
import { extensionsFile, toExtension, type ExtensionConfig, type ExtensionForm } from './extensions.js';
import { ConfigFaults, type ConfigFault } from './faults.js';
import { parseEnvFile, type SecretLookup } from './fields.js';
import { mailFile, type MailConfig } from './mail.js';
import { nearest } from './nearest.js';
import { queuesFile, supportForm, toQueue, toRouting, type QueueConfig, type RoutingConfig } from './queues.js';
import { recordingsFile, toConversations, toRecordings, type ConversationsConfig, type RecordingsConfig } from './recordings.js';
import { sectionsOf, type SectionForms } from './sections.js';
import type { Environment } from './settings.js';
import { setupsFile, toSetup, type SetupConfig } from './setups.js';
import { systemFile, toSystem, type SystemConfig } from './system.js';
import { ticketsFile, toTickets, type TicketsConfig } from './tickets.js';
import { toTrunk, trunksFile, type TrunkConfig, type TrunkForm } from './trunks.js';
import { checkYaml, parseYaml, type Source } from './yaml.js';

export interface Config {
  readonly system: SystemConfig;
  /** Who may log in, and how. */
  readonly access: AccessConfig;
  readonly queues: readonly QueueConfig[];
  readonly extensions: readonly ExtensionConfig[];
  readonly agents: readonly AgentConfig[];
  readonly trunks: readonly TrunkConfig[];
  readonly recordings: RecordingsConfig;
  readonly conversations: ConversationsConfig;
  /** Undefined: no mail is sent. */
  readonly mail: MailConfig | undefined;
  readonly chat: ChatConfig;
  /** What holds for all queues. */
  readonly routing: RoutingConfig;
  /** Named set-ups, in the order in which they lie over each other. */
  readonly setups: readonly SetupConfig[];
  readonly tickets: TicketsConfig;
  /** Thresholds on live figures. */
  readonly alerts: readonly AlertConfig[];
  /** Queues, agents and set-ups as they were written, defaults filled in: what changes at run time are laid over. */
  readonly written: AcdForms;
  /** Trunks, extensions, alerts and settings of the house as the files have them. */
  readonly forms: FileForms;
  /** What is right, but hardly meant. */
  readonly warnings: readonly ConfigFault[];
}
/** Passwords of trunks are references; an extension of the demo has neither password nor HA1 here. */
export interface FileForms {
  readonly trunks: readonly TrunkForm[];
  readonly extensions: readonly ExtensionForm[];
  readonly alerts: readonly AlertForm[];
  readonly sections: SectionForms;
}
export interface LoadOptions {
  /** Digest realm, part of every HA1. */
  readonly realm?: string;
  /** Where `${NAME}` looks before config/secrets.env. */
  readonly env?: Environment;
  readonly demo?: Demo;
  /** Flows of the dialplans; left out, queues may name any. */
  readonly flows?: readonly string[] | undefined;
  /** Extensions that stand in no file, which the files may refer to; `any`: it is not known yet which. */
  readonly extensions?: readonly string[] | 'any';
}

/**
 * Reads access, queues, extensions, agents, set-ups, tickets, trunks, recordings, mail, chat, alerts and system.yaml of a folder; a missing file means its defaults.
 * Demo extensions are added where the files do not define the same number. Pure but for reading: a refused folder
 * changes nothing, so the caller keeps what it had.
 * @throws ConfigFaults with every fault of every file
 */
export function loadConfig(dir: string, { realm = 'strowger', env = {}, demo, flows, extensions: more = [] }: LoadOptions = {}): Config {
  const faults: ConfigFault[] = [];
  const lookup = secretsOf(dir, env, faults);
  const read = <T>(file: string, schema: z.ZodType<T>): { value: T; source: Source | undefined } => readFile(dir, file, schema, faults);
  const queues = read('queues.yaml', queuesFile);
  const extensions = read('extensions.yaml', extensionsFile(lookup));
  const agents = read('agents.yaml', agentsFile);
  const trunks = read('trunks.yaml', trunksFile(lookup));
  const recordings = read('recordings.yaml', recordingsFile);
  const system = read('system.yaml', systemFile(lookup));
  const access = read('access.yaml', accessFile(lookup));
  const setups = read('setups.yaml', setupsFile);
  const mail = read('mail.yaml', mailFile(lookup));
  const tickets = read('tickets.yaml', ticketsFile);
  const chat = read('chat.yaml', chatFile(lookup));
  const { value: { alerts: alertForms }, source: alertSource } = read('alerts.yaml', alertsFile);
  const alerts = alertForms.map(toAlert);
  const written = withDemo({ ...queues.value, extensions: extensions.value.extensions.map((e) => toExtension(e, realm, lookup)), agents: agents.value.agents }, demo, realm, queues.source !== undefined);
  const known = more === 'any' ? undefined : [...written.extensions.map((e) => e.number), ...more];
  const house = trunks.value.trunks.map((t) => toTrunk(t, lookup));
  const forms: AcdForms = { queues: written.queues, agents: written.agents, setups: setups.value.setups, routing: toRoutingForm(queues.value) };
  const warnings: ConfigFault[] = [];
  // References are judged only between files that could be read, lest one slip shows up as ten.
  if (faults.length === 0) {
    const sources = { queues: queues.source, extensions: extensions.source, agents: agents.source, trunks: trunks.source, setups: setups.source };
    faults.push(...duplicates(forms, written.extensions, house, sources), ...trunkTargets(house, known, sources.trunks), ...twice(alertSource, 'alerts', 'name', alerts.map((a) => a.name)));
    warnings.push(...strangeQueues(alerts, forms.queues.map((q) => q.name), alertSource));
    for (const issue of checkAcd(forms, { extensions: known, flows })) {
      const fault = placeIn(sources, issue);
      if (fault) (issue.severity === 'error' ? faults : warnings).push(fault);
    }
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return {
    system: toSystem(system.value), access: access.value.access, trunks: house, recordings: toRecordings(recordings.value.recording), conversations: toConversations(recordings.value.conversations), mail: mail.value.smtp, chat: toChat(chat.value), extensions: written.extensions,
    queues: forms.queues.map(toQueue), agents: forms.agents.map(toAgent), routing: toRouting(forms.routing), setups: forms.setups.map(toSetup), tickets: toTickets(tickets.value), alerts, written: forms,
    forms: { trunks: trunks.value.trunks, extensions: formsOf(written.extensions, extensions.value.extensions), alerts: alertForms, sections: sectionsOf(system.value, recordings.value) }, warnings,
  };
}

/** What `${NAME}` stands for: the environment, then `secrets.env` of the folder. */
export const secretLookup = (dir: string, env: Environment): SecretLookup => secretsOf(dir, env, []);

function secretsOf(dir: string, env: Environment, faults: ConfigFault[]): SecretLookup {
  const file = join(dir, 'secrets.env');
  const text = contents(file, faults);
  const values = parseEnvFile(text ?? '');
  return (variable) => env[variable] ?? values.get(variable);
}

function contents(file: string, faults: ConfigFault[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    faults.push({ file, line: 0, column: 0, code: 'config.unreadable', message: cause instanceof Error ? cause.message : String(cause), hint: 'check that it is a file and may be read' });
    return undefined;
  }
}

function readFile<T>(dir: string, name: string, schema: z.ZodType<T>, faults: ConfigFault[]): { value: T; source: Source | undefined } {
  const file = join(dir, name);
  const text = contents(file, faults);
  if (text !== undefined) {
    const parsed = parseYaml(file, text);
    const checked = parsed.ok ? checkYaml(parsed.value, schema) : parsed;
    if (checked.ok && parsed.ok) return { value: checked.value, source: parsed.value };
    if (!checked.ok) faults.push(...checked.faults);
  }
  return { value: schema.parse({}), source: undefined };
}

interface Written {
  readonly queues: AcdForms['queues'];
  readonly agents: AcdForms['agents'];
  readonly extensions: readonly ExtensionConfig[];
}

function withDemo(files: Written, demo: Demo | undefined, realm: string, ownQueues: boolean): Written {
  const wantsSupport = !ownQueues || (demo !== undefined && demo.agents > 0);
  const queues = wantsSupport && !files.queues.some((q) => q.name === supportForm.name) ? [...files.queues, supportForm] : files.queues;
  if (!demo) return { ...files, queues };
  const takenNumbers = new Set(files.extensions.map((e) => e.number));
  const takenAgents = new Set(files.agents.flatMap((a) => [a.id, a.extension]));
  return {
    queues,
    extensions: [...files.extensions, ...demoExtensions(demo, realm).filter((e) => !takenNumbers.has(e.number))],
    agents: [...files.agents, ...demoAgents(demo).filter((a) => !takenAgents.has(a.id) && !takenAgents.has(a.extension))],
  };
}

/** Those of the demo stand in no file. */
function formsOf(all: readonly ExtensionConfig[], written: readonly ExtensionForm[]): ExtensionForm[] {
  const inFile = new Map(written.map((e) => [e.number, e]));
  return all.map(({ number, name, mayCall }) => inFile.get(number) ?? { number, name, may_call: mayCall });
}

const toRoutingForm = ({ blending, blocked, rank_seconds }: AcdForms['routing']): AcdForms['routing'] => ({ blending, blocked, rank_seconds });

type Sources = Readonly<Record<'queues' | 'extensions' | 'agents' | 'trunks' | 'setups', Source | undefined>>;

/** What holds for all queues stands in the queues' file. A fault of what no file says (the demo) cannot be mended by anybody. */
function placeIn(sources: Sources, { path, code, message, hint, key }: AcdIssue): ConfigFault | undefined {
  const source = path[0] === 'agents' || path[0] === 'setups' ? sources[path[0]] : sources.queues;
  return source?.fault(path, code, message, hint, key);
}

function trunkTargets(trunks: readonly TrunkConfig[], numbers: readonly string[] | undefined, source: Source | undefined): ConfigFault[] {
  return trunks.flatMap((trunk, i) => trunk.numbers.flatMap(({ pattern, target }) => {
    if (!source || !numbers || !('extension' in target) || numbers.includes(target.extension)) return [];
    const meant = nearest(target.extension, numbers);
    return [source.fault(['trunks', i, 'numbers', pattern, 'extension'], 'config.unknown_reference', `there is no extension "${target.extension}"`, meant === undefined ? undefined : `did you mean "${meant}"?`)];
  }));
}

function duplicates(forms: AcdForms, extensions: readonly ExtensionConfig[], trunks: readonly TrunkConfig[], sources: Sources): ConfigFault[] {
  return [
    ...twice(sources.queues, 'queues', 'name', forms.queues.map((q) => q.name)),
    ...twice(sources.extensions, 'extensions', 'number', extensions.map((e) => e.number)),
    ...twice(sources.agents, 'agents', 'id', forms.agents.map((a) => a.id)),
    ...twice(sources.agents, 'agents', 'extension', forms.agents.map((a) => a.extension)),
    ...twice(sources.trunks, 'trunks', 'name', trunks.map((t) => t.name)),
    ...twice(sources.setups, 'setups', 'name', forms.setups.map((s) => s.name)),
  ];
}

function twice(source: Source | undefined, list: string, key: string, values: readonly string[]): ConfigFault[] {
  if (!source) return [];
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [source.fault([list, i, key], 'config.duplicate', `${key} "${value}" is used twice`)] : []));
}
