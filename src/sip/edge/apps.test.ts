import { describe, expect, it } from 'vitest';
import { createApps, type App } from './apps.js';

const app = (name: string): App => ({ name, connected: true, tags: new Set(), send: () => undefined });
const turns = (apps: ReturnType<typeof createApps>, method: string, n: number): (string | undefined)[] =>
  Array.from({ length: n }, () => apps.select(method)?.name);

describe('routes of applications', () => {
  it('asks those who registered for a method in turn', () => {
    const apps = createApps();
    for (const one of [app('a'), app('b')]) apps.route(one, 'invite');
    expect(turns(apps, 'INVITE', 4)).toEqual(['a', 'b', 'a', 'b']);
    expect(apps.select('OPTIONS')).toBeUndefined();
  });

  it('asks who takes everything only when nobody takes the method', () => {
    const apps = createApps();
    apps.route(app('all'), '*');
    apps.route(app('invites'), 'invite');
    expect(turns(apps, 'INVITE', 2)).toEqual(['invites', 'invites']);
    expect(turns(apps, 'MESSAGE', 1)).toEqual(['all']);
  });

  it('counts an application once however often it registers', () => {
    const apps = createApps();
    const [a, b] = [app('a'), app('b')];
    apps.route(a, 'invite');
    apps.route(a, 'invite');
    apps.route(b, 'invite');
    expect(turns(apps, 'INVITE', 2)).toEqual(['a', 'b']);
  });

  it('forgets one that left, and keeps the turn of the others', () => {
    const apps = createApps();
    const [a, b] = [app('a'), app('b')];
    for (const one of [a, b]) for (const verb of ['invite', 'options']) apps.route(one, verb);
    apps.select('INVITE');
    apps.forget(b);
    expect(turns(apps, 'INVITE', 2)).toEqual(['a', 'a']);
    apps.unroute(a, 'invite');
    expect([apps.wanted('invite'), apps.wanted('options')]).toEqual([false, true]);
  });
});
