// How a claim's value is computed: times * (head / over - minus), each part a number or a figure.
//
// As written, `over` and `minus` take what they do not say themselves from the part before them:
// { of: steps, variant: baseline, figure: cyclesPerImage, over: { variant: all } }

import { z } from 'zod'

/** A figure: of a variant of an experiment, or of a quantity. */
export interface Reference {
  /** Name that the claims file gives the experiment or quantity. */
  readonly of: string
  /** Of an experiment. */
  readonly variant?: string
  readonly figure: string
}

export type Operand = number | Reference

export interface Ratio {
  readonly head: Operand
  readonly over?: Operand
}

export interface Expression extends Ratio {
  readonly minus?: Ratio
  readonly times: number
}

const operandShape = {
  value: z.number().exactOptional(),
  of: z.string().exactOptional(),
  variant: z.string().exactOptional(),
  figure: z.string().exactOptional(),
}
const operand = z.strictObject(operandShape)
const ratioShape = { ...operandShape, over: operand.exactOptional() }
const ratio = z.strictObject(ratioShape)

/** Entries of a mapping that is an expression. */
export const expressionShape = { ...ratioShape, minus: ratio.exactOptional(), times: z.number().default(1) }

export type WrittenOperand = z.output<typeof operand>
export type WrittenExpression = z.output<z.ZodObject<typeof expressionShape>>

/** Checks an operand as written, what it takes from before filled in; `path` leads to it from the expression. */
export type ReadOperand = (written: WrittenOperand, path: readonly string[]) => Operand

export function readExpression(written: WrittenExpression, read: ReadOperand): Expression {
  const { minus, times } = written
  const first = readRatio(written, read, [])
  if (minus === undefined) return { ...first, times }
  return { ...first, minus: readRatio({ ...minus, ...completed(minus, written) }, read, ['minus']), times }
}

function readRatio(
  written: WrittenExpression | z.output<typeof ratio>,
  read: ReadOperand,
  path: readonly string[],
): Ratio {
  const head = read(operandOf(written), path)
  if (written.over === undefined) return { head }
  return { head, over: read(completed(written.over, written), [...path, 'over']) }
}

const operandOf = ({ value, of, variant, figure }: WrittenOperand): WrittenOperand => ({
  ...(value === undefined ? {} : { value }),
  ...(of === undefined ? {} : { of }),
  ...(variant === undefined ? {} : { variant }),
  ...(figure === undefined ? {} : { figure }),
})

/** `own` with what it does not say taken from `before`; a number stands for itself. */
function completed(own: WrittenOperand, before: WrittenOperand): WrittenOperand {
  if (own.value !== undefined) return operandOf(own)
  const { value: _, ...inherited } = operandOf(before)
  // The variant of one experiment says nothing about another.
  if (own.of !== undefined && own.of !== inherited.of) return operandOf(own)
  return { ...inherited, ...operandOf(own) }
}

/** Every figure that the expression needs. */
export function referencesOf({ head, over, minus }: Expression): Reference[] {
  const operands = [head, over, minus?.head, minus?.over]
  return operands.filter((one): one is Reference => typeof one === 'object')
}

/** The value; what `figure` throws where there is none passes through. */
export function computed({ head, over, minus, times }: Expression, figure: (reference: Reference) => number): number {
  const operandValue = (one: Operand): number => (typeof one === 'number' ? one : figure(one))
  const ratioValue = (one: Ratio): number =>
    operandValue(one.head) / (one.over === undefined ? 1 : operandValue(one.over))
  const first = ratioValue(over === undefined ? { head } : { head, over })
  // Twelve digits: what rounding leaves of 0.1 + 0.2 is no figure.
  return Number((times * (first - (minus === undefined ? 0 : ratioValue(minus)))).toPrecision(12))
}
