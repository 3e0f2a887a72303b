import { answersBeside } from '../../store/index.js';
import { work, type Done, type Job } from './job.js';

// Reports beside the event loop of the calls.
answersBeside<Job, Done>((read, job) => work(({ text, values }) => read(text, values), job));
