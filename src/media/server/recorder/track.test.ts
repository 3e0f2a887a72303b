import { expect, it } from 'vitest';
import { createTrack, forgetBefore, pullTrack, sampleAt, TRACK_SAMPLES, writeTrack } from './track.js';

/** Each byte stands for itself. */
const same = Int16Array.from({ length: 256 }, (_, i) => i);
const write = (track: ReturnType<typeof createTrack>, position: number, ...values: number[]): void => writeTrack(track, position, Uint8Array.from(values), 0, values.length, same);
const read = (track: ReturnType<typeof createTrack>, from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => sampleAt(track, from + i));

it('holds what is written in any order, silence between', () => {
  const track = createTrack();
  write(track, 20, 5, 6);
  write(track, 2, 1, 2);
  expect(read(track, 0, 6)).toEqual([0, 0, 1, 2, 0, 0]);
  expect(read(track, 19, 23)).toEqual([0, 5, 6, 0]);
  expect([track.end, track.dirtyFrom]).toEqual([22, 2]);
});

it('cuts off what lies before and beyond what it holds', () => {
  const track = createTrack();
  write(track, -2, 1, 2, 3);
  write(track, TRACK_SAMPLES - 1, 8, 9);
  write(track, -50, 4);
  expect(read(track, 0, 2)).toEqual([3, 0]);
  expect(sampleAt(track, TRACK_SAMPLES - 1)).toBe(8);
});

it('fills the seam that drift correction leaves, so that nothing clicks', () => {
  const track = createTrack();
  write(track, 0, 1, 2);
  write(track, 4, 7, 8);
  expect(read(track, 0, 6)).toEqual([1, 2, 2, 2, 7, 8]);
});

it('is silent where it comes round again', () => {
  const track = createTrack();
  write(track, 10, 9, 9);
  forgetBefore(track, 100);
  expect(read(track, TRACK_SAMPLES + 8, TRACK_SAMPLES + 14)).toEqual([0, 0, 0, 0, 0, 0]);
  write(track, 10, 7);
  expect(sampleAt(track, TRACK_SAMPLES + 10)).toBe(0);
  write(track, TRACK_SAMPLES + 50, 3);
  expect(sampleAt(track, TRACK_SAMPLES + 50)).toBe(3);
});

it('forgets further ahead than it holds without spinning', () => {
  const track = createTrack();
  write(track, 0, 1);
  forgetBefore(track, 1e9);
  expect([track.base, sampleAt(track, 1e9)]).toEqual([1e9, 0]);
});

it('moves what was written to an earlier place', () => {
  const track = createTrack();
  write(track, 0, 1, 2, 3, 4);
  write(track, 6, 7, 8, 9);
  track.dirtyFrom = 9;
  pullTrack(track, 3, 3);
  expect(read(track, 0, 10)).toEqual([1, 2, 3, 7, 8, 9, 0, 0, 0, 0]);
  expect([track.end, track.dirtyFrom]).toEqual([6, 3]);
  pullTrack(track, 4, 8);
  expect([read(track, 3, 6), track.end]).toEqual([[7, 8, 9], 6]);
});
