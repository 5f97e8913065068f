/**
 * Anomalies of any signal, by its own past alone. Four views look at each sample: its level, its step from a
 * short forecast, the mean of the newest dozen, and what is left of it without its season; a fifth
 * at how large the steps have become. What each finds is turned into a surprise that means the same in
 * all of them (tail.ts); the surprises' sum over the newest samples is the evidence, and evidence is news
 * when it clearly exceeds the peaks of the past (records.ts). Time and memory do not grow.
 */
import type { Site, Walk } from "../site.js";
import { records, recordsHeld, recordsState } from "./records.js";
import { scale, scaleState } from "./scale.js";
import { seasons, seasonsHeld, seasonsState } from "./seasons.js";
import { tail, tailState } from "./tail.js";

/** A score of as much or more is an anomaly. */
export const alarmScore = 0.5;
/** How a score ends up that belongs to an anomaly told before. */
const heldScoreMax = 0.49;

/** By what factor evidence must exceed the bar, less 1, at sensitivity 1. */
const margin = 0.2;
/** Keeps the ratio finite while the past holds nothing. */
const barMin = 0.5;
const levelSamples = 2000;
const forecastSamples = 10;
const meanSamples = 12;
const restSamples = 6;
const sizeSamples = 48;
const evidenceSamples = 10;
/** No score before these, and no evidence kept before the first of them settled. */
const warmUpSamples = 100;
const settlingSamples = 30;
/** An event ends when evidence stayed low for so long, or is the new normal after so many samples. */
const calmSamples = 20;
const eventSamplesMax = 300;
/** A season is believed after so many of it, and samples. */
const seasonsBefore = 4;
const seasonSamplesBefore = 500;

export interface Scorer {
  /** The sample's score, 0 … 1. `x` is finite. */
  readonly score: (x: number) => number;
  /** A reading that could not be had: only the seasons go on. */
  readonly skip: () => void;
}

/** Numbers that its arrays hold. */
export function scorerHeld(period?: number): number {
  return recordsHeld + seasonsHeld(period);
}

/** Bytes of its state. */
export function scorerState(period?: number): number {
  return seasonsState(period) + recordsState + 3 * scaleState + 9 * tailState + 65;
}

/** `sensitivity` > 0; `period`: samples of the signal's season, whole, where it is known. */
export function anomalyScorer(sensitivity = 1, period?: number, state?: Site["state"]): Scorer {
  const walks: Walk[] | undefined = state && [];
  const need = 1 + margin / sensitivity;
  const season = seasons(period, walks);
  const past = records(walks);
  const scaleLevel = scale(walks);
  const scaleStep = scale(walks);
  const scaleRest = scale(walks);
  const levelUp = tail(walks);
  const levelDown = tail(walks);
  const stepUp = tail(walks);
  const stepDown = tail(walks);
  const meanUp = tail(walks);
  const meanDown = tail(walks);
  const restUp = tail(walks);
  const restDown = tail(walks);
  const sizeUp = tail(walks);

  let count = 0;
  let level = 0;
  let forecast = 0;
  let mean = 0;
  let size = 0;
  let rest = 0;
  let seasonSamples = 0;
  let seasonAge = 0;
  let evidence = 0;
  let calmLeft = 0;
  let eventSamples = 0;

  function surpriseOfRest(x: number): number {
    season.step(x);
    const samples = season.samples();
    if (samples !== seasonSamples) {
      seasonSamples = samples;
      seasonAge = 0;
      rest = 0;
    }
    if (samples === 0) return 0;
    seasonAge++;
    rest += (scaleRest(season.rest()) - rest) / restSamples;
    const surprise = restUp(rest > 0 ? rest : 0) + restDown(rest < 0 ? -rest : 0);
    return seasonAge < seasonSamplesBefore || seasonAge < seasonsBefore * samples ? 0 : surprise;
  }

  /** Evidence as a multiple of the past's bar, and the event that it begins or is part of. */
  function news(ratio: number): number {
    const score = ratio / (ratio + need);
    if (calmLeft > 0) {
      past.hold(evidence);
      eventSamples++;
      if (ratio > need && eventSamples < eventSamplesMax) calmLeft = calmSamples;
      else if (--calmLeft === 0) {
        if (eventSamples >= eventSamplesMax) past.accept();
        past.learn(0);
      }
      return score < heldScoreMax ? score : heldScoreMax;
    }
    if (score < alarmScore) past.learn(evidence);
    else {
      past.hold(evidence);
      calmLeft = calmSamples;
      eventSamples = 0;
    }
    return score;
  }

  state?.((walk) => {
    for (const each of walks!) each(walk);
    count = walk.whole(count, levelSamples);
    level = walk.number(level);
    forecast = walk.number(forecast);
    mean = walk.number(mean);
    size = walk.size(size);
    rest = walk.number(rest);
    seasonSamples = walk.whole(seasonSamples, 0xffff_ffff);
    seasonAge = walk.size(seasonAge);
    evidence = walk.size(evidence);
    calmLeft = walk.whole(calmLeft, calmSamples);
    eventSamples = walk.whole(eventSamples, 0xffff);
  });

  return {
    score(x) {
      if (count === 0) level = forecast = x;
      if (count < levelSamples) count++;
      const deviation = x - level;
      level += deviation / count;
      const error = x - forecast;
      forecast += error / forecastSamples;
      const height = scaleLevel(deviation);
      const step = scaleStep(error);
      mean += (height - mean) / meanSamples;
      size += ((step < 0 ? -step : step) - size) / sizeSamples;
      const surprise =
        levelUp(height > 0 ? height : 0) +
        levelDown(height < 0 ? -height : 0) +
        stepUp(step > 0 ? step : 0) +
        stepDown(step < 0 ? -step : 0) +
        meanUp(mean > 0 ? mean : 0) +
        meanDown(mean < 0 ? -mean : 0) +
        sizeUp(size) +
        surpriseOfRest(x);
      evidence += (surprise - evidence) / evidenceSamples;
      if (count >= warmUpSamples) return news(evidence / (past.bar() + barMin));
      past.learn(count < settlingSamples ? 0 : evidence);
      return 0;
    },
    skip: season.skip,
  };
}
