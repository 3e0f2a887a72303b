import { parentPort, workerData } from 'node:worker_threads';
import { redraw, type PictureJob } from './picture.js';

const { job } = workerData as { readonly job: PictureJob };
parentPort?.postMessage(await redraw(job));
