import { join } from 'node:path';
import { loadConfig, queueFlows, Secret, secretLookup, type Config, type Settings } from '../config/index.js';
import { checkCorpora, flowNames, scriptNames, type Known } from '../ivr/index.js';
import { ASR_LANGUAGES, findModel } from '../speech/asr/index.js';
import type { Io } from './io.js';

/** The configuration as the application would load it. @throws ConfigFaults */
export function configOf(settings: Settings, env: Io['env']): Config {
  const demo = { ...settings.demo, password: settings.demoPassword ?? new Secret('not needed to read the files') };
  return loadConfig(settings.folders.config, { realm: settings.realm, env, demo, flows: flowNames(settings.folders.dialplans) });
}

/** What dialplans may refer to, as far as the configuration knows. */
export const knownOf = (config: Config): Known => ({
  queues: config.queues.map((q) => q.name), extensions: config.extensions.map((e) => e.number), trunks: config.trunks.map((t) => t.name), queueFlows: queueFlows(config.queues),
  timeZone: config.system.timeZone,
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
