import { answersBeside } from './answering.js';
import type { Sought } from './finder.js';

answersBeside<Sought, readonly unknown[]>((read, { sql, parameters }) => read(sql, parameters));
