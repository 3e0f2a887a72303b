import { parentPort, workerData } from 'node:worker_threads';
import { readYamlData } from '../../config/index.js';

const { text } = workerData as { readonly text: string };
parentPort?.postMessage(readYamlData('', text));
