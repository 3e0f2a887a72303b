import { StrowgerError } from '../base/index.js';

const variableOf = { SIP: 'STROWGER_SIP_PORT', HTTP: 'STROWGER_HTTP_PORT' } as const;

/** A socket the product must have cannot be bound. */
export class PortTaken extends StrowgerError {
  readonly code = 'supervisor.port_taken';
  constructor(readonly use: 'SIP' | 'HTTP', proto: 'udp' | 'tcp', address: string, port: number, cause: NodeJS.ErrnoException) {
    super(`cannot listen for ${use} on ${proto} ${address}:${port}: ${why(cause)}`, {
      cause,
      hint: cause.code === 'EADDRNOTAVAIL'
        ? `set ${variableOf[use].replace('PORT', 'ADDRESS')} to an address of this machine, or to 0.0.0.0`
        : `stop the program that has it, or set ${variableOf[use]} to another port`,
    });
  }
}

function why(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'EADDRINUSE': return 'the port is in use';
    case 'EADDRNOTAVAIL': return 'this machine does not have that address';
    case 'EACCES': return 'the system does not allow this user to bind that port';
    default: return cause.message;
  }
}

/** Another supervisor owns the data folder. */
export class AlreadyRunning extends StrowgerError {
  readonly code = 'supervisor.already_running';
  constructor(dataDir: string, pid: number) {
    super(`Strowger already runs on ${dataDir} (process ${pid})`, { hint: `stop it with: kill ${pid}; or set STROWGER_DATA to another folder` });
  }
}

/** The data folder cannot be made or written: wrong path, no permission, a read-only or full disk. */
export class DataFolderUnusable extends StrowgerError {
  readonly code = 'supervisor.data_folder_unusable';
  constructor(dataDir: string, cause: NodeJS.ErrnoException) {
    super(`the data folder ${dataDir} cannot be written: ${cause.message}`, { hint: 'give the user that runs Strowger write access to it, or set STROWGER_DATA to another folder', cause });
  }
}

/** A process of ours ended, or stayed silent, before it said READY for the first time. */
export class ChildFailed extends StrowgerError {
  readonly code = 'supervisor.child_failed';
  constructor(name: string, how: string, cause?: unknown) {
    super(`the ${name} process did not start: ${how}`, { hint: 'its own log lines above say why', cause });
  }
}
