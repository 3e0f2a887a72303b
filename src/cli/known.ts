import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formsOver } from '../acd/index.js';
import { loadConfig, queueFlows, Secret, secretLookup, toAgent, toQueue, toRouting, type Config, type Settings } from '../config/index.js';
import { calendarForm, checkCorpora, flowNames, scriptNames, type Known } from '../ivr/index.js';
import { laidOver, openSecrets, ownExtensions, rulesWith, secretFileIn } from '../objects/index.js';
import { ASR_LANGUAGES, findModel } from '../speech/asr/index.js';
import { openStore } from '../store/index.js';
import type { Io } from './io.js';

/** What the files say; `extensions` are those that no file has. @throws ConfigFaults */
export function configOf(settings: Settings, env: Io['env'], extensions: readonly string[] = []): Config {
  const demo = { ...settings.demo, password: settings.demoPassword ?? new Secret('not needed to read the files') };
  return loadConfig(settings.folders.config, { realm: settings.realm, env, demo, flows: flowNames(settings.folders.dialplans), extensions });
}

/** The configuration as the application has it: the files, and over them what the API owns. @throws ConfigFaults @throws StoreError */
export async function houseOf(settings: Settings, io: Pick<Io, 'env' | 'err'>): Promise<Config> {
  const { data, config } = settings.folders;
  const path = join(data, 'strowger.db');
  if (!existsSync(path)) return configOf(settings, io.env);
  const store = await openStore({ path });
  const tell = (fields: object, message: string): void => io.err(`${message}: ${JSON.stringify(fields)}`);
  try {
    const { config: house } = laidOver({
      files: configOf(settings, io.env, ownExtensions(store)), rules: rulesWith(calendarForm), store, realm: settings.realm, secrets: openSecrets(secretFileIn(data)),
      lookup: () => secretLookup(config, io.env), log: { warn: tell, error: tell },
    });
    const written = formsOver({ config: house, store, log: { error: tell } });
    return { ...house, written, queues: written.queues.map(toQueue), agents: written.agents.map(toAgent), routing: toRouting(written.routing) };
  } finally {
    await store.close();
  }
}

/** What dialplans may refer to, as far as the configuration knows. */
export const knownOf = (config: Config): Known => ({
  queues: config.queues.map((q) => q.name), extensions: config.extensions.map((e) => e.number), trunks: config.trunks.map((t) => t.name), queueFlows: queueFlows(config.queues),
  timeZone: config.system.timeZone, tickets: Object.fromEntries(config.tickets.types.map((type) => [type.name, type.fields.map((field) => field.name)])),
});

/** What else there is on this machine: what callers' sentences can mean, models to recognise them, secrets. */
export function foundHere({ folders }: Settings, dialplans: string, env: Io['env']): Known {
  const { corpora } = checkCorpora(join(dialplans, 'nlu'));
  const secrets = secretLookup(folders.config, env);
  const usable = ASR_LANGUAGES.filter((language) => {
    const model = findModel(folders.models, language);
    return model !== undefined && model.fault === undefined;
  });
  return {
    speech: usable, scripts: scriptNames(join(dialplans, 'scripts')), secrets: (name) => secrets(name) !== undefined,
    ...(corpora.size === 0 ? {} : { intents: [...corpora.values()].flatMap((corpus) => corpus.intents.map((intent) => intent.name)) }),
  };
}
