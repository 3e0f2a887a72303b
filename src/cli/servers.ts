import type { ExitCode } from './command.js';

/** The supervisor hands the secret over in the environment: an argument is visible to every user of the machine. */
const withSecret = (args: readonly string[]): readonly string[] => {
  const secret = process.env['STROWGER_CONTROL_SECRET'];
  return args.includes('--secret') || secret === undefined ? args : [...args, '--secret', secret];
};

export async function edge(args: readonly string[]): Promise<ExitCode> {
  const { edgeMain } = await import('../sip/edge/index.js');
  await edgeMain(withSecret(args));
  return undefined;
}

export async function media(args: readonly string[]): Promise<ExitCode> {
  const { mediaMain } = await import('../media/server/index.js');
  await mediaMain(withSecret(args));
  return undefined;
}

export async function app(): Promise<ExitCode> {
  const { appMain } = await import('../app/index.js');
  await appMain();
  return undefined;
}
