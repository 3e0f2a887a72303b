import { asksAnything } from '../e2e/anything.js';

asksAnything({ seed: Number(process.env['STROWGER_TEST_SEED'] ?? Date.now() % 2 ** 31), each: 12, ms: 600_000 });
