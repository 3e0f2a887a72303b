import { parentPort, workerData } from 'node:worker_threads';
import { readYamlData } from '../../config/index.js';
import { inPieces } from './pieces.js';

const { text } = workerData as { readonly text: string };
const { head, flows } = inPieces(readYamlData('', text));
let sent = 0;
// One piece when it is asked for: several that lie ready would be taken over in one go.
parentPort?.on('message', () => {
  parentPort?.postMessage(flows[sent]);
  sent += 1;
});
parentPort?.postMessage({ head, pieces: flows.length });
