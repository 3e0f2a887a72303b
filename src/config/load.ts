import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { agentsFile, type AgentConfig } from './agents.js';
import { demoAgents, demoExtensions, type Demo } from './demo.js';
import { extensionsFile, type ExtensionConfig } from './extensions.js';
import { ConfigFaults, type ConfigFault } from './faults.js';
import { parseEnvFile, type SecretLookup } from './fields.js';
import { nearest } from './nearest.js';
import { queuesFile, supportQueue, type QueueConfig } from './queues.js';
import { recordingsFile, type RecordingsConfig } from './recordings.js';
import type { Environment } from './settings.js';
import { systemFile, type SystemConfig } from './system.js';
import { trunksFile, type TrunkConfig } from './trunks.js';
import { checkYaml, parseYaml, type Source } from './yaml.js';

export interface Config {
  readonly system: SystemConfig;
  readonly queues: readonly QueueConfig[];
  readonly extensions: readonly ExtensionConfig[];
  readonly agents: readonly AgentConfig[];
  readonly trunks: readonly TrunkConfig[];
  readonly recordings: RecordingsConfig;
}
export interface LoadOptions {
  /** Digest realm, part of every HA1. */
  readonly realm?: string;
  /** Where `${NAME}` looks before config/secrets.env. */
  readonly env?: Environment;
  readonly demo?: Demo;
}

/**
 * Reads queues, extensions, agents, trunks, recordings and system.yaml of a folder; a missing file means its defaults.
 * Demo extensions are added where the files do not define the same number. Pure but for reading: a refused folder
 * changes nothing, so the caller keeps what it had.
 * @throws ConfigFaults with every fault of every file
 */
export function loadConfig(dir: string, { realm = 'strowger', env = {}, demo }: LoadOptions = {}): Config {
  const faults: ConfigFault[] = [];
  const lookup = secretsOf(dir, env, faults);
  const read = <T>(file: string, schema: z.ZodType<T>): { value: T; source: Source | undefined } => readFile(dir, file, schema, faults);
  const queues = read('queues.yaml', queuesFile);
  const extensions = read('extensions.yaml', extensionsFile(realm, lookup));
  const agents = read('agents.yaml', agentsFile);
  const trunks = read('trunks.yaml', trunksFile(lookup));
  const recordings = read('recordings.yaml', recordingsFile);
  const system = read('system.yaml', systemFile);
  const config: Config = withDemo(
    { system: system.value, queues: queues.value.queues, extensions: extensions.value.extensions, agents: agents.value.agents, trunks: trunks.value.trunks, recordings: recordings.value.recording },
    demo, realm, queues.source !== undefined,
  );
  // References are judged only between files that could be read, lest one slip shows up as ten.
  if (faults.length === 0) faults.push(...crossCheck(config, { queues: queues.source, extensions: extensions.source, agents: agents.source, trunks: trunks.source }));
  if (faults.length > 0) throw new ConfigFaults(faults);
  return config;
}

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

function withDemo(config: Config, demo: Demo | undefined, realm: string, ownQueues: boolean): Config {
  const wantsSupport = !ownQueues || (demo !== undefined && demo.agents > 0);
  const queues = wantsSupport && !config.queues.some((q) => q.name === supportQueue.name) ? [...config.queues, supportQueue] : config.queues;
  if (!demo) return { ...config, queues };
  const takenNumbers = new Set(config.extensions.map((e) => e.number));
  const takenAgents = new Set(config.agents.flatMap((a) => [a.id, a.extension]));
  return {
    ...config,
    queues,
    extensions: [...config.extensions, ...demoExtensions(demo, realm).filter((e) => !takenNumbers.has(e.number))],
    agents: [...config.agents, ...demoAgents(demo).filter((a) => !takenAgents.has(a.id) && !takenAgents.has(a.extension))],
  };
}

interface Sources { readonly queues: Source | undefined; readonly extensions: Source | undefined; readonly agents: Source | undefined; readonly trunks: Source | undefined }

function crossCheck(config: Config, sources: Sources): ConfigFault[] {
  const queueNames = config.queues.map((q) => q.name);
  const numbers = config.extensions.map((e) => e.number);
  const unknown = (source: Source | undefined, path: PropertyKey[], what: string, word: string, known: readonly string[]): ConfigFault[] => {
    if (!source || known.includes(word)) return [];
    const meant = nearest(word, known);
    return [source.fault(path, 'config.unknown_reference', `there is no ${what} "${word}"`, meant === undefined ? undefined : `did you mean "${meant}"?`)];
  };
  return [
    ...twice(sources.queues, 'queues', 'name', queueNames),
    ...twice(sources.extensions, 'extensions', 'number', numbers),
    ...twice(sources.agents, 'agents', 'id', config.agents.map((a) => a.id)),
    ...twice(sources.agents, 'agents', 'extension', config.agents.map((a) => a.extension)),
    ...twice(sources.trunks, 'trunks', 'name', config.trunks.map((t) => t.name)),
    ...config.agents.flatMap((agent, i) => [
      ...unknown(sources.agents, ['agents', i, 'extension'], 'extension', agent.extension, numbers),
      ...agent.queues.flatMap((queue, j) => unknown(sources.agents, ['agents', i, 'queues', j], 'queue', queue, queueNames)),
    ]),
    ...config.trunks.flatMap((trunk, i) => trunk.numbers.flatMap(({ pattern, target }) =>
      'extension' in target ? unknown(sources.trunks, ['trunks', i, 'numbers', pattern, 'extension'], 'extension', target.extension, numbers) : [])),
  ];
}

function twice(source: Source | undefined, list: string, key: string, values: readonly string[]): ConfigFault[] {
  if (!source) return [];
  return values.flatMap((value, i) => (values.indexOf(value) < i ? [source.fault([list, i, key], 'config.duplicate', `${key} "${value}" is used twice`)] : []));
}
