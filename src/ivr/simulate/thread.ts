import { parentPort, workerData } from 'node:worker_threads';
import { runJob, type Job } from './job.js';

const { job } = workerData as { readonly job: Job };
parentPort?.postMessage(await runJob(job));
