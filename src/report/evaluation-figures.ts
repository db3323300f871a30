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
} as const satisfies Figures
