import { asksAnything } from './anything.js';

asksAnything({ seed: Number(process.env['STROWGER_TEST_SEED'] ?? 20261130), each: 2, ms: 15_000 });
