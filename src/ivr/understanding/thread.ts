import { parentPort, workerData } from 'node:worker_threads';
import type { Corpus } from '../../nlu/index.js';
import { learn, respond } from './respond.js';
import { LEAVE, type Asked, type Told } from './workshop.js';

const { corpora } = workerData as { readonly corpora: readonly Corpus[] };
const models = learn(corpora);
const tell = (told: Told): void => parentPort?.postMessage(told);
parentPort?.on('message', (asked: Asked | typeof LEAVE) => {
  if (asked === LEAVE) parentPort?.close();
  else tell({ did: 'understood', id: asked.id, understood: respond(models, asked) });
});
tell({ did: 'learnt' });
