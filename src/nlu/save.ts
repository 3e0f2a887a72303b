import { StrowgerError } from '../base/index.js';
import type { Calibration } from './classify/calibrate.js';
import { familiarOf } from './classify/evidence.js';
import { indexOf } from './classify/nearest.js';
import { featuresOf } from './features.js';
import type { Model, Sentence } from './model.js';
import type { Language, ListEntity } from './types.js';
import { spaceOf, vectorOf } from './vectors.js';

/** What training found, as plain JSON. The rest follows from the sentences, by the same code. */
export interface SavedModel {
  readonly format: number;
  readonly language: Language;
  readonly intents: readonly string[];
  readonly entities: readonly ListEntity[];
  readonly sentences: readonly Sentence[];
  readonly calibration: Calibration;
  readonly network: { readonly size: number; readonly places: string; readonly outputs: string; readonly biases: string };
}
/** Rises whenever features or network change: an older file would load and be wrong. */
const FORMAT = 1;

export class ModelUnreadable extends StrowgerError {
  readonly code = 'nlu.model_unreadable';
}

export function saveModel({ language, intents, entities, sentences, separator: { network }, calibration }: Model): SavedModel {
  const { size, places, outputs, biases } = network;
  return { format: FORMAT, language, intents, entities, sentences, calibration, network: { size, places: pack(places), outputs: pack(outputs), biases: pack(biases) } };
}

/** @throws ModelUnreadable when it was saved by another version */
export function loadModel(saved: SavedModel): Model {
  const { language, intents, entities, sentences, calibration, network } = saved;
  const features = sentences.map((s) => featuresOf(s.text, language));
  const space = spaceOf(features, language);
  const places = unpack(network.places);
  if (saved.format !== FORMAT || places.length !== space.column.size * network.size)
    throw new ModelUnreadable('the model was saved by another version', { hint: 'train it again from its corpus' });
  const [vectors, labels] = [features.map((f) => vectorOf(f, space)), sentences.map((s) => s.label)];
  const neighbours = indexOf(vectors, labels, space.column.size);
  const familiar = familiarOf(vectors, labels, intents.length, space.column.size);
  const separator = { intents: intents.length, space, neighbours, familiar, network: { size: network.size, classes: intents.length + 1, places, outputs: unpack(network.outputs), biases: unpack(network.biases) } };
  return { language, intents, entities, sentences, separator, calibration };
}

/** Base64 of 32-bit floats, low byte first. */
function pack(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
function unpack(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
