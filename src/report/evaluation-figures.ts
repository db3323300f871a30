// Every figure of an evaluation (`bnnsim eval`), as figures.ts has those of a result.

import type { Figures } from './figures.ts'

const none = ''

export const evaluationFigures = {
  images: { unit: 'images', meaning: 'Images evaluated.', how: 'Counted.' },
  correct: {
    unit: 'images',
    meaning: 'Images whose class is their label; null without labels.',
    how: 'Counted.',
  },
  accuracy: {
    unit: 'ratio',
    meaning: 'Part of the labelled images whose class is their label; null without labels.',
    how: '`correct` / labelled images.',
  },
  imagesPerSecond: {
    unit: 'images/s',
    meaning: 'Rate of the evaluation on the computer that ran it; the one figure that differs from run to run.',
    how: '`images` / wall-clock time.',
  },
  'predictions[].index': {
    unit: none,
    meaning: 'Position of the image in its file, from 0.',
    how: 'Counted.',
    shown: { label: 'image', unit: '', scale: 1 },
  },
  'predictions[].label': {
    unit: none,
    meaning: 'Class that the file gives the image; null where it gives none.',
    how: 'As read.',
    shown: { label: 'label', unit: '', scale: 1 },
  },
  'predictions[].class': {
    unit: none,
    meaning: 'Class that the network gives the image.',
    how: "By the network's decision rule.",
    shown: { label: 'class', unit: '', scale: 1 },
  },
  'predictions[].scores[]': {
    unit: none,
    meaning: 'Score of each class, in class order.',
    how: 'Values of the node that the decision reads.',
    shown: { label: 'score', unit: '', scale: 1 },
  },
  passes: {
    unit: none,
    meaning:
      'The passes that were applied, in order, with all of their options. This and what follows with `--pass` only.',
    how: 'From the command line, defaults written out.',
  },
  'unchanged.images': {
    unit: 'images',
    meaning: 'Images that the network without the passes was evaluated on as well.',
    how: 'Counted.',
  },
  'unchanged.correct': {
    unit: 'images',
    meaning: 'Images of these to which it gives the class of their label; null without labels.',
    how: 'Counted.',
  },
  'unchanged.accuracy': {
    unit: 'ratio',
    meaning: 'Part of the labelled ones of these; null without labels.',
    how: '`unchanged.correct` / labelled images.',
  },
  'unchanged.agreeing': {
    unit: 'images',
    meaning: 'Images of these to which both give the same class.',
    how: 'Counted.',
  },
  'saturated.images': {
    unit: 'images',
    meaning: 'Images whose values were looked at for saturation: the first 100 at most.',
    how: 'Counted.',
  },
  'saturated.values': {
    unit: 'values',
    meaning: 'Values of all nodes that may saturate.',
    how: 'Counted.',
  },
  'saturated.saturated': {
    unit: 'values',
    meaning: 'Values that would be others if their node did not saturate.',
    how: 'Each node again without saturation, on the same values before it.',
  },
  'saturated.share': {
    unit: 'ratio',
    meaning: 'Part of the values that saturation changed; 0 where no node may saturate.',
    how: '`saturated.saturated` / `saturated.values`.',
  },
  'saturated.nodes[].node': {
    unit: none,
    meaning: 'Name of a node with values that saturation changed.',
    how: 'From the network.',
    shown: { label: 'node', unit: '', scale: 1 },
  },
  'saturated.nodes[].values': {
    unit: 'values',
    meaning: 'Values of the node.',
    how: 'Counted.',
    shown: { label: 'values', unit: '', scale: 1 },
  },
  'saturated.nodes[].saturated': {
    unit: 'values',
    meaning: 'Values of the node that saturation changed.',
    how: 'As `saturated.saturated`.',
    shown: { label: 'saturated', unit: '', scale: 1 },
  },
  'saturated.nodes[].share': {
    unit: 'ratio',
    meaning: 'Part of these.',
    how: 'As `saturated.share`.',
    shown: { label: 'share', unit: '%', scale: 100 },
  },
} as const satisfies Figures
