import { expect, it } from 'vitest';
import { AlreadyRunning, ChildFailed, PortTaken } from './errors.js';

const because = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`bind ${code}`), { code });

it.each([
  ['EADDRINUSE', 'cannot listen for SIP on udp 0.0.0.0:5060: the port is in use', 'stop the program that has it, or set STROWGER_SIP_PORT to another port'],
  ['EADDRNOTAVAIL', 'cannot listen for SIP on udp 0.0.0.0:5060: this machine does not have that address', 'set STROWGER_SIP_ADDRESS to an address of this machine, or to 0.0.0.0'],
  ['EACCES', 'cannot listen for SIP on udp 0.0.0.0:5060: the system does not allow this user to bind that port', 'stop the program that has it, or set STROWGER_SIP_PORT to another port'],
  ['EINVAL', 'cannot listen for SIP on udp 0.0.0.0:5060: bind EINVAL', 'stop the program that has it, or set STROWGER_SIP_PORT to another port'],
])('%s is said in words, with what to do', (code, message, hint) => {
  const error = new PortTaken('SIP', 'udp', '0.0.0.0', 5060, because(code));
  expect([error.message, error.hint, error.cause]).toEqual([message, hint, expect.objectContaining({ code })]);
});

it('names the process that holds the folder, and how to end it', () => {
  expect(new AlreadyRunning('/data', 42)).toMatchObject({ code: 'supervisor.already_running', message: expect.stringContaining('process 42'), hint: expect.stringContaining('kill 42') });
});

it('points to the log of a process that did not start', () => {
  expect(new ChildFailed('media', 'exit code 1')).toMatchObject({ message: 'the media process did not start: exit code 1', hint: expect.stringContaining('log') });
});
