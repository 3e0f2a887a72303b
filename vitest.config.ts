import { defineConfig } from 'vitest/config';

/** These start whole servers too, but mostly wait for them, and no figure of theirs is of a few milliseconds: four at a time. */
const WAITING = [
  ...['access', 'api-anything', 'app-chat', 'backup', 'chat', 'chat-browser', 'chat-blending', 'caller-reaches-agent', 'customers', 'demo', 'dialplan', 'drain', 'esl-traps', 'insight', 'nat', 'objects', 'oidc', 'owasp', 'owasp-doors', 'pack', 'phones', 'prompts', 'queue', 'queue-wire', 'reading-threads', 'recording', 'scripts', 'sip-races', 'speech', 'survives', 'tickets', 'transcript', 'transfer', 'trunks', 'understanding', 'voices'].map((name) => `e2e/${name}`),
  ...['baresip', 'listen', 'phone', 'rtp/receiver', 'sipp', 'strowger'].map((name) => `kit/${name}`),
  ...['fork', 'fsmrf'].map((name) => `media-server/${name}`),
].map((name) => `test/${name}.test.ts`);
const servers = { testTimeout: 120_000, hookTimeout: 120_000 };

// Fast first: pure units beside the code, protocol tests against the built program some files at a time, then those that have the machine to themselves.
export default defineConfig({
  test: {
    projects: [
      // Files share a process: units leave nothing behind, and a module is loaded once instead of for every file.
      { test: { name: 'unit', include: ['{src,client/src}/**/*.test.ts'], testTimeout: 20_000, isolate: false } },
      { test: { name: 'waiting', include: [...WAITING, 'client/test/**/*.test.ts'], ...servers } },
      { test: { name: 'e2e', include: ['test/**/*.test.ts'], exclude: ['test/long/**', ...WAITING], ...servers } },
      { test: { name: 'long', include: ['test/long/**/*.test.ts'], testTimeout: 1_800_000, hookTimeout: 300_000 } },
    ],
  },
});
