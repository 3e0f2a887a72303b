import { answersBeside } from '../../../store/index.js';
import type { Param } from '../sql.js';
import { searchJob, type Answer, type Question } from './job.js';

// Searches beside the event loop of the calls.
answersBeside<Question, Answer>((read, question) => searchJob({ all: <R>(text: string, ...params: readonly Param[]) => read<R>(text, params) }, question));
