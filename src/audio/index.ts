export { alawToLinear, alawToUlaw, decodeG711, encodeAlaw, encodeUlaw, ulawToAlaw, ulawToLinear } from './g711.js';
export { dbfs, mixInto, rms, scale, toneAmplitude } from './levels.js';
export { createResampler, resample, type Resampler } from './resample.js';
export { readTones, type ToneReader } from './tone-player.js';
export { parseToneScript, ToneScriptInvalid, type Tone, type ToneProgram } from './tone-script.js';
export { DTMF_PAIRS, amplitudeOf, sine } from './tones.js';
export { parseWavHeader, repairWavHeader, wavHeader, WAV_HEADER_BYTES, WavUnreadable, type HeaderRepair, type WavFormat } from './wav-header.js';
export { decodeWav, encodeWav, monoSamples, type WavAudio } from './wav-samples.js';
