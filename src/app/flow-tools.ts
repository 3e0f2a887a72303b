import { join } from 'node:path';
import { formatFault, secretLookup, type Environment } from '../config/index.js';
import { createArchive, createDialplanDesk, createHttp, createScriptRunner, loadScripts, loadUnderstanding, scriptWorker, type Dialplans, type DialplanDesk, type HttpClient, type ScriptLibrary, type ScriptService, type Understanding } from '../ivr/index.js';
import { openDialplans } from './dialplans.js';
import type { Ground } from './rooms.js';

/** The dialplans, and what their flows use beside the call. */
export interface FlowTools {
  readonly dialplans: Dialplans;
  readonly desk: DialplanDesk;
  readonly http: HttpClient;
  readonly understanding: Understanding;
  readonly scripts: ScriptService;
  close(): Promise<void>;
}

/** Our own settings are nobody's secrets: no flow may send them anywhere. */
const OURS = /^STROWGER_/;

/** What `${NAME}` in a header of a flow's request stands for. */
export const secretsForFlows = (config: string, env: Environment) => (name: string): string | undefined => (OURS.test(name) ? undefined : secretLookup(config, env)(name));

export async function openFlowTools(ground: Ground, env: Environment): Promise<FlowTools> {
  const { settings, live, store, events, log } = ground;
  const dir = settings.folders.dialplans;
  const secrets = secretsForFlows(settings.folders.config, env);
  const archive = createArchive(store);
  const tell = ({ faults }: Pick<ScriptLibrary, 'faults'>): void => {
    for (const fault of faults()) log.error({ code: fault.code }, formatFault(fault));
  };
  const library = await loadScripts({
    dir: join(dir, 'scripts'), out: join(settings.folders.data, 'scripts'), watch: true,
    onLoaded(loaded) {
      tell(loaded);
      dialplans.reload({ scripts: loaded.names() });
    },
  });
  tell(library);
  const runner = createScriptRunner({ worker: scriptWorker() });
  const dialplans = openDialplans(ground, archive, { timeZone: live.now().system.timeZone, secrets: (name) => secrets(name) !== undefined, scripts: library.names() });
  const desk = createDialplanDesk({ dir, archive, dialplans, onPublished: (what) => void events.publish('dialplan.published', 'system', what) });
  const understanding = loadUnderstanding({
    dir: join(dir, 'nlu'), timeZone: live.now().system.timeZone, watch: true,
    onLoaded({ faults }) {
      for (const fault of faults) log.warn({ code: fault.code }, formatFault(fault));
      const intents = (['zh-CN', 'en'] as const).flatMap((language) => understanding.intents(language));
      if (intents.length > 0) dialplans.reload({ intents: [...new Set(intents)] });
    },
    onTrouble: (why) => log.error({ err: why }, 'what callers say cannot be understood for now'),
  });
  return {
    dialplans, desk, understanding, http: createHttp({ allowHosts: settings.allowHosts, secrets }), scripts: { library, runner },
    async close() {
      dialplans.close();
      library.close();
      await Promise.all([understanding.close(), runner.close()]);
    },
  };
}
